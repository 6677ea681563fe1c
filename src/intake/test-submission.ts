// Made-up mails for demonstrations and load: varied, plausible, and plainly not real (every domain is an example).
import { randomInt, randomUUID } from 'node:crypto';
import type { ExtractedFields } from '@workitem-hub/client/contract';
import { formatMoney } from '@workitem-hub/client/money';
import type { Appender, Stored } from '../eventlog/appender.js';
import type { SubmissionDocument } from '../workitems/submission.js';
import type { WorkItemDocument } from '../workitems/work-item.js';
import { keyOf } from './idempotency.js';

/** The part of the log's writer that is needed here. */
export type TestAppender = Pick<Appender<SubmissionDocument, WorkItemDocument>, 'create'>;

/** What the caller wants of the item; the rest is made up. */
export interface TestWishes extends Partial<{ [F in keyof ExtractedFields]: string | null }> {
  assigned_to?: string | null;
  team?: string | null;
  subject?: string | null;
  from_email?: string | null;
}

const pick = <T>(choices: readonly T[]): T => choices[randomInt(choices.length)] as T;

const INSURED = [
  ['Harbourside', 'Tarnside', 'Northgate', 'Brightwater', 'Oakfield', 'Silverline', 'Redwood', 'Kestrel'],
  ['Logistics', 'Architects', 'Foods', 'Robotics', 'Textiles', 'Clinics', 'Marine', 'Retail'],
  ['Ltd', 'LLP', 'Inc', 'Group'],
] as const;
const BROKERS = [
  { name: 'Pellow & Strand Insurance Brokers', domain: 'pellowstrand.example.com' },
  { name: 'Marlowe Risk Partners', domain: 'marlowe-risk.example.com' },
  { name: 'Fairweather Insurance Services', domain: 'fairweather.example.net' },
  { name: 'Castell Specialty Broking', domain: 'castell.example.org' },
] as const;
const PEOPLE = ['imogen.hartley', 'daniel.osei', 'priya.nair', 'tom.becker', 'lucia.romero'] as const;
const POLICIES = [
  'Professional Indemnity',
  'Cyber',
  'General Liability',
  'Commercial Property',
  'Directors & Officers',
  'Marine Cargo',
  'Commercial Auto',
  'Workers Compensation',
] as const;
const CURRENCIES = ['USD', 'GBP', 'EUR'] as const;
const DAY_MS = 24 * 3_600_000;

/**
 * Stores one made-up submission on the same way as a real one; resolves when its event is in the log.
 * @throws HubError `unavailable` as the appender.
 */
export async function createTestSubmission(
  appender: TestAppender,
  wishes: TestWishes,
): Promise<Stored<SubmissionDocument>> {
  const ref = randomUUID();
  const idempotency = { kind: 'test', caller: 'test', value: ref, index: 0 } as const;
  const key = keyOf(idempotency);
  const created_at = new Date();
  const broker = pick(BROKERS);
  const fields: ExtractedFields = {
    insured_name: wishes.insured_name ?? INSURED.map((words) => pick<string>(words)).join(' '),
    policy_type: wishes.policy_type ?? pick(POLICIES),
    coverage_amount:
      wishes.coverage_amount ?? formatMoney({ currency: pick(CURRENCIES), amount: randomInt(1, 100) * 250_000 }),
    effective_date: wishes.effective_date ?? isoDay(Date.now() + randomInt(7, 120) * DAY_MS),
    broker: wishes.broker ?? broker.name,
  };
  const subject = wishes.subject ?? `Submission: ${fields.policy_type} - ${fields.insured_name}`;
  return appender.create(key, (id) => ({
    _id: id,
    key,
    ref,
    idempotency,
    digest: ref,
    subject,
    from_email: wishes.from_email ?? `${pick(PEOPLE)}@${broker.domain}`,
    from_name: null,
    received_at: created_at,
    created_at,
    body_text: textOf(fields),
    body_file: null,
    extracted_fields: fields,
    attachments: [],
    team: wishes.team ?? null,
    assigned_to: wishes.assigned_to ?? null,
  }));
}

const isoDay = (time: number): string => new Date(time).toISOString().slice(0, 10);

function textOf(fields: ExtractedFields): string {
  return [
    'Hi team,',
    'Please could you let us have terms for the client below.',
    `Insured: ${fields.insured_name}\nPolicy type: ${fields.policy_type}\nLimit: ${fields.coverage_amount}`,
    `Effective: ${fields.effective_date}\nBroker: ${fields.broker}`,
    '(A test item of the hub.)',
  ].join('\n\n');
}

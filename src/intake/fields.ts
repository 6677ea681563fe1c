// Reads out of a mail what underwriters sort their work by: whom it is for, what is asked for, how much, from when, and who asks.
// Only what the mail says; a field that it does not say is null.
import type { ExtractedFields } from '@workitem-hub/client/contract';
import { formatMoney, type Money } from '@workitem-hub/client/money';
import type { EmailMessage } from './email-message.js';
import { cleanLine } from './encoding.js';
import { findBrokers } from './fields/broker.js';
import { all, best, type Candidate, type Search, surest } from './fields/candidate.js';
import { findCoverageAmounts } from './fields/coverage-amount.js';
import { findEffectiveDates } from './fields/effective-date.js';
import { findInsuredNames } from './fields/insured-name.js';
import { findPolicyTypeCandidates } from './fields/policy-type.js';
import { type Reading, readMail } from './fields/reading.js';

/** Everything that a mail offers for each field, with where and how surely. */
export interface FieldCandidates {
  insured_name: Candidate[];
  policy_type: Candidate[];
  coverage_amount: Candidate<Money>[];
  effective_date: Candidate[];
  broker: Candidate[];
}

/** Candidates below this are mere mentions. */
const MIN_SCORE = 20;
const MAX_TEXT = 200;

/** All candidates, in no particular order. Pure, and bounded whatever the mail's size: only its first 64,000 characters are read. */
export function findFields(message: EmailMessage): FieldCandidates {
  const reading = readMail(message);
  const broker = all(findBrokers(reading));
  return {
    insured_name: all(findInsuredNames(reading, best(broker)?.value ?? null)),
    policy_type: all(findPolicyTypeCandidates(reading)),
    coverage_amount: all(findCoverageAmounts(reading)),
    effective_date: all(findEffectiveDates(reading)),
    broker,
  };
}

/** The candidate that each field comes from. */
export type ChosenFields = { [F in keyof FieldCandidates]: FieldCandidates[F][number] | null };

/** The best of what {@link findFields} finds, without looking where nothing better can be; `null` where a mail says nothing. */
export function chooseFields(reading: Reading): ChosenFields {
  const broker = surest(findBrokers(reading));
  return {
    insured_name: choose(findInsuredNames(reading, broker?.value ?? null)),
    policy_type: choose(findPolicyTypeCandidates(reading)),
    coverage_amount: choose(findCoverageAmounts(reading)),
    effective_date: choose(findEffectiveDates(reading)),
    broker: broker && broker.score >= MIN_SCORE ? broker : null,
  };
}

/**
 * The fields as the wire carries them: `policy_type` by its canonical name where it has one (see `POLICY_TYPES`), `coverage_amount` as
 * {@link formatMoney} writes it, `effective_date` as `YYYY-MM-DD`; `null` for what the mail does not say. Never throws.
 */
export function extractFields(message: EmailMessage): ExtractedFields {
  const chosen = chooseFields(readMail(message));
  return {
    insured_name: text(chosen.insured_name),
    policy_type: text(chosen.policy_type),
    coverage_amount: chosen.coverage_amount && formatMoney(chosen.coverage_amount.value),
    effective_date: chosen.effective_date?.value ?? null,
    broker: text(chosen.broker),
  };
}

function choose<T>(search: Search<T>): Candidate<T> | null {
  const found = surest(search);
  return found && found.score >= MIN_SCORE ? found : null;
}

function text(candidate: Candidate | null): string | null {
  return candidate && (cleanLine(candidate.value, MAX_TEXT) || null);
}

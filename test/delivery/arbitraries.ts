// Items and filters of which many have something in common, for properties.
import { type Item, STATUSES } from '@workitem-hub/client/contract';
import { formatMoney } from '@workitem-hub/client/money';
import fc from 'fast-check';

const words = fc.constantFrom('Acme', 'acme ltd', 'Børge', 'ÅNGSTRÖM', 'x', 'Broker & Co');
const domains = fc.constantFrom('example.com', 'Broker.example.org', 'sub.example.com');
const teams = fc.constantFrom('property', 'cyber', 'casualty');
const lines = fc.constantFrom('Cyber', 'Commercial Property', 'General Liability');
const dates = fc.constantFrom('2025-12-31', '2026-01-01', '2026-02-28', '2027-06-30');
const money = fc.record({
  currency: fc.constantFrom('USD', 'GBP', 'AUD'),
  amount: fc.constantFrom(0, 999, 1_000, 1_500_000.5),
});

/** With its coverage as a number beside it. */
export const anyItem: fc.Arbitrary<{ item: Item; money: { currency: string; amount: number } | null }> = fc
  .record({
    subject: words,
    from: fc.option(fc.tuple(words, domains)),
    status: fc.constantFrom(...STATUSES),
    insured: fc.option(words),
    line: fc.option(lines),
    money: fc.option(money),
    on: fc.option(dates),
    broker: fc.option(words),
    assigned: fc.option(fc.constantFrom('alice', 'bob')),
    team: fc.option(teams),
  })
  .map((one) => ({
    money: one.money,
    item: {
      id: 1,
      submission_id: 1,
      submission_ref: 'r',
      subject: one.subject,
      from_email: one.from && `${one.from[0]}@${one.from[1]}`,
      created_at: '',
      status: one.status,
      extracted_fields: {
        insured_name: one.insured,
        policy_type: one.line,
        coverage_amount: one.money && formatMoney(one.money),
        effective_date: one.on,
        broker: one.broker,
      },
      assigned_to: one.assigned,
      team: one.team,
      version: 1,
      updated_at: '',
    },
  }));

export const anyFilter = fc.record(
  {
    status: fc.array(fc.constantFrom(...STATUSES), { maxLength: 3 }),
    policy_type: fc.array(
      lines.map((line) => line.toUpperCase()),
      { maxLength: 2 },
    ),
    broker: words,
    from_domain: domains,
    team: fc.array(teams, { maxLength: 2 }),
    assigned: fc.constantFrom('me' as const, 'none' as const, 'any' as const),
    min_coverage: money,
    max_coverage: money,
    effective_from: dates,
    effective_to: dates,
    text: words,
  },
  { requiredKeys: [] },
);

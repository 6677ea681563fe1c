import type { Filter, Item } from '@workitem-hub/client/contract';
import { filterSchema } from '@workitem-hub/client/request-schemas';
import { canonicalFilter, compileFilter } from '@workitem-hub/client/filter';
import { expect } from 'chai';
import fc from 'fast-check';
import { scopeOf } from '../../src/delivery/scope.js';
import { anyFilter, anyItem } from './arbitraries.js';

const low = (text: string): string => text.normalize('NFC').toLowerCase();

/** The rule in one expression per key, as the protocol says it. */
function model(
  f: Filter,
  { item: it, money: sum }: { item: Item; money: { currency: string; amount: number } | null },
  sub: string,
): boolean {
  const fields = it.extracted_fields;
  const has = (text: string | null, part: string) => text !== null && low(text).includes(low(part));
  return [
    !f.status?.length || f.status.includes(it.status),
    !f.policy_type?.length ||
      f.policy_type.some((line) => fields.policy_type !== null && low(line) === low(fields.policy_type)),
    f.broker === undefined || has(fields.broker, f.broker),
    f.from_domain === undefined || low(it.from_email ?? '').endsWith(`@${low(f.from_domain)}`),
    !f.team?.length || (it.team !== null && f.team.includes(it.team)),
    f.assigned !== 'me' || it.assigned_to === sub,
    f.assigned !== 'none' || it.assigned_to === null,
    !f.min_coverage || (sum?.currency === f.min_coverage.currency && sum.amount >= f.min_coverage.amount),
    !f.max_coverage || (sum?.currency === f.max_coverage.currency && sum.amount <= f.max_coverage.amount),
    f.effective_from === undefined || (fields.effective_date !== null && fields.effective_date >= f.effective_from),
    f.effective_to === undefined || (fields.effective_date !== null && fields.effective_date <= f.effective_to),
    f.text === undefined ||
      [it.subject, fields.insured_name, fields.broker, it.from_email].some((text) => has(text, f.text as string)),
  ].every(Boolean);
}

describe('filters', () => {
  it('select what the protocol says', () => {
    fc.assert(
      fc.property(anyFilter, anyItem, (f, one) => {
        expect(filterSchema.safeParse(f).success).to.equal(true);
        expect(compileFilter(f, 'alice')(one.item)).to.equal(model(f, one, 'alice'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('that mean the same have one form and one scope', () => {
    fc.assert(
      fc.property(anyFilter, (f) => {
        const shuffled = Object.fromEntries(
          Object.entries(f)
            .reverse()
            .map(([key, value]) => [key, Array.isArray(value) ? [...value, ...value].reverse() : value]),
        ) as Filter;
        expect(canonicalFilter(shuffled)).to.deep.equal(canonicalFilter(f));
        expect(scopeOf(['pool'], shuffled, 'a')).to.equal(scopeOf(['pool'], f, 'a'));
        expect(canonicalFilter(canonicalFilter(f))).to.deep.equal(canonicalFilter(f));
      }),
    );
  });

  for (const [what, f] of [
    ['unknown keys', { colour: 'red' }],
    ['operators', { status: { $gt: '' } }],
    ['unknown statuses', { status: ['open'] }],
    ['dates that are none', { effective_from: '31.12.2026' }],
    ['amounts without a currency', { min_coverage: { amount: 5 } }],
    ['endless lists', { team: Array.from({ length: 101 }, (_, n) => `t${n}`) }],
  ] as const) {
    it(`with ${what} are refused`, () => {
      expect(filterSchema.safeParse(f).success).to.equal(false);
    });
  }
});

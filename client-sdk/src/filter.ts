// The filter of a stream or a list: data, not code. Hub and clients evaluate this same rule on the same wire item.
import type { Filter, Item } from './contract.js';
import { parseMoney } from './money.js';

/** Tells whether an item passes. Pure; `item` is as the wire carries it. */
export type ItemPredicate = (item: Item) => boolean;

const fold = (text: string): string => text.normalize('NFC').toLowerCase();
const contains = (text: string | null, part: string): boolean => text !== null && fold(text).includes(part);

/** The domain of an address in lower case; `null` when there is none. */
export function domainOf(address: string | null): string | null {
  const at = address?.lastIndexOf('@') ?? -1;
  return at < 0 ? null : (address as string).slice(at + 1).toLowerCase();
}

/**
 * One form for filters that mean the same: keys in order, texts folded, lists sorted and without repeats, empty
 * conditions left out. `null` when nothing is left, which shows everything.
 */
export function canonicalFilter(filter: Filter | null | undefined): Filter | null {
  if (!filter) return null;
  const list = (values: readonly string[] | undefined, form: (v: string) => string): string[] | undefined =>
    values && values.length > 0 ? [...new Set(values.map(form))].sort() : undefined;
  const text = (value: string | undefined): string | undefined => fold(value ?? '').trim() || undefined;
  const money = (value: Filter['min_coverage']): Filter['min_coverage'] =>
    value && { currency: value.currency, amount: value.amount };
  const entries = Object.entries({
    status: list(filter.status, (s) => s),
    policy_type: list(filter.policy_type, fold),
    broker: text(filter.broker),
    from_domain: text(filter.from_domain)?.replace(/^@/, ''),
    team: list(filter.team, (t) => t),
    assigned: filter.assigned === 'any' ? undefined : filter.assigned,
    min_coverage: money(filter.min_coverage),
    max_coverage: money(filter.max_coverage),
    effective_from: filter.effective_from,
    effective_to: filter.effective_to,
    text: text(filter.text),
  }).filter(([, value]) => value !== undefined);
  return entries.length > 0 ? (Object.fromEntries(entries) as Filter) : null;
}

/**
 * Compiles a filter for one caller. All conditions must hold; within a list, any. A field that the item does not have
 * matches no condition on it. Texts compare without case: `policy_type` and `from_domain` whole, `broker` and `text`
 * as a part; `text` looks at subject, insured, broker and sender. Coverage compares within one currency only.
 * `assigned`: `me` the caller's, `none` nobody's, `any` no condition.
 */
export function compileFilter(filter: Filter | null | undefined, sub: string): ItemPredicate {
  const f = canonicalFilter(filter);
  if (!f) return () => true;
  const rules: ItemPredicate[] = [];
  if (f.status) {
    const wanted = new Set<string>(f.status);
    rules.push((item) => wanted.has(item.status));
  }
  if (f.assigned) {
    const wanted = f.assigned === 'me' ? sub : null;
    rules.push((item) => item.assigned_to === wanted);
  }
  if (f.team) {
    const wanted = new Set(f.team);
    rules.push((item) => item.team !== null && wanted.has(item.team));
  }
  if (f.policy_type) {
    const wanted = new Set(f.policy_type);
    rules.push(({ extracted_fields: { policy_type } }) => policy_type !== null && wanted.has(fold(policy_type)));
  }
  if (f.from_domain) rules.push((item) => domainOf(item.from_email) === f.from_domain);
  if (f.broker) rules.push((item) => contains(item.extracted_fields.broker, f.broker as string));
  for (const [bound, sign] of [
    [f.min_coverage, 1],
    [f.max_coverage, -1],
  ] as const) {
    if (!bound) continue;
    rules.push((item) => {
      const money = parseMoney(item.extracted_fields.coverage_amount);
      return money !== null && money.currency === bound.currency && (money.amount - bound.amount) * sign >= 0;
    });
  }
  // ISO dates compare as texts.
  if (f.effective_from) {
    rules.push(({ extracted_fields: { effective_date: on } }) => on !== null && on >= (f.effective_from as string));
  }
  if (f.effective_to) {
    rules.push(({ extracted_fields: { effective_date: on } }) => on !== null && on <= (f.effective_to as string));
  }
  if (f.text) {
    const part = f.text;
    rules.push(
      (item) =>
        contains(item.subject, part) ||
        contains(item.extracted_fields.insured_name, part) ||
        contains(item.extracted_fields.broker, part) ||
        contains(item.from_email, part),
    );
  }
  return (item) => rules.every((rule) => rule(item));
}

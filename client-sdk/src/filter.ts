// The filter of a stream or a list: data, not code. Hub and clients evaluate this same rule on the same wire item.
import type { Filter, Item } from './contract.js';
import { parseMoney } from './money.js';

/** Tells whether an item passes. Pure; `item` is as the wire carries it. */
export type ItemPredicate = (item: Item) => boolean;

/** How texts are compared: NFC, in lower case. */
export const fold = (text: string): string => text.normalize('NFC').toLowerCase();

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
  const rules: ItemPredicate[] = [];
  // Not by way of `canonicalFilter`: pages that load no library load this.
  const oneOf = (values: readonly string[] | undefined, of: ItemText, form = (text: string): string => text): void => {
    if (!values || values.length === 0) return;
    const wanted = new Set(values.map(form));
    rules.push((item) => {
      const text = of(item);
      return text !== null && wanted.has(form(text));
    });
  };
  const partOf = (part: string | undefined, ...of: ItemText[]): void => {
    const wanted = fold(part ?? '').trim();
    if (wanted) rules.push((item) => of.some((one) => fold(one(item) ?? '').includes(wanted)));
  };
  const { status, policy_type, broker, from_domain, team, assigned, min_coverage, max_coverage, text } = filter ?? {};
  const { effective_from: from, effective_to: to } = filter ?? {};
  oneOf(status, (item) => item.status);
  oneOf(team, (item) => item.team);
  oneOf(policy_type, (item) => item.extracted_fields.policy_type, fold);
  if (assigned && assigned !== 'any') {
    const wanted = assigned === 'me' ? sub : null;
    rules.push((item) => item.assigned_to === wanted);
  }
  const domain = fold(from_domain ?? '')
    .trim()
    .replace(/^@/, '');
  if (domain) rules.push((item) => domainOf(item.from_email) === domain);
  partOf(broker, brokerOf);
  for (const [bound, sign] of [
    [min_coverage, 1],
    [max_coverage, -1],
  ] as const) {
    if (!bound) continue;
    rules.push((item) => {
      const money = parseMoney(item.extracted_fields.coverage_amount);
      return money !== null && money.currency === bound.currency && (money.amount - bound.amount) * sign >= 0;
    });
  }
  // ISO dates compare as texts.
  if (from) rules.push(({ extracted_fields: { effective_date: on } }) => on !== null && on >= from);
  if (to) rules.push(({ extracted_fields: { effective_date: on } }) => on !== null && on <= to);
  partOf(
    text,
    (item) => item.subject,
    (item) => item.extracted_fields.insured_name,
    brokerOf,
    (item) => item.from_email,
  );
  return (item) => rules.every((rule) => rule(item));
}

type ItemText = (item: Item) => string | null;
const brokerOf: ItemText = (item) => item.extracted_fields.broker;

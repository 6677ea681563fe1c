// What a filter may say, checked where it is given: one that the hub refuses would end a connection long after the call.
import { type Filter, STATUSES } from './contract.js';
import { WorkItemError } from './errors.js';

type Rule = (value: unknown) => boolean;

const isText =
  (max: number): Rule =>
  (value) =>
    typeof value === 'string' && value.length <= max;
const isList =
  (isEntry: Rule): Rule =>
  (value) =>
    Array.isArray(value) && value.length <= 100 && value.every((entry) => entry !== '' && isEntry(entry));
const isDay: Rule = (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
const isMoney: Rule = (value) => {
  const { currency, amount } = (value ?? {}) as { currency?: unknown; amount?: unknown };
  return (
    typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) && Number.isFinite(amount) && (amount as number) >= 0
  );
};

const RULES: Readonly<Record<keyof Filter, Rule>> = {
  status: isList((entry) => (STATUSES as readonly unknown[]).includes(entry)),
  policy_type: isList(isText(200)),
  team: isList(isText(128)),
  broker: isText(200),
  from_domain: isText(253),
  text: isText(200),
  assigned: (value) => value === 'me' || value === 'none' || value === 'any',
  min_coverage: isMoney,
  max_coverage: isMoney,
  effective_from: isDay,
  effective_to: isDay,
};

/** @throws WorkItemError `invalid` that names the part */
export function assertFilter(filter: Filter | null | undefined): void {
  if (filter === null || filter === undefined) return;
  if (typeof filter !== 'object' || Array.isArray(filter)) throw new WorkItemError('invalid', 'filter is no object.');
  for (const [key, value] of Object.entries(filter)) {
    if (!Object.hasOwn(RULES, key)) throw new WorkItemError('invalid', `filter: there is no ${key}.`);
    if (value !== undefined && !RULES[key as keyof Filter](value)) {
      throw new WorkItemError('invalid', `filter.${key} is not as the contract has it.`);
    }
  }
}

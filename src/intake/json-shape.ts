// What the intake needs to know about JSON it cannot trust: how deep it is, whether a text is JSON in disguise, and
// which of an object's fields is meant when every connector spells them differently.
import { HubError } from '../errors.js';

/** Levels of arrays and objects that a body may have. */
export const MAX_DEPTH = 64;

/** Fields that one object may have; a mail has some dozens. */
const MAX_FIELDS = 5000;

/** @throws HubError `invalid` for a value of more than {@link MAX_DEPTH} levels, or with an object of more than 5,000 fields. */
export function assertShallow(value: unknown): void {
  const open: { values: unknown[]; next: number }[] = [{ values: [value], next: 0 }];
  for (let level = open.at(-1); level; level = open.at(-1)) {
    const inner = level.values[level.next++];
    if (level.next > level.values.length) open.pop();
    else if (typeof inner === 'object' && inner !== null) {
      if (open.length > MAX_DEPTH) throw new HubError('invalid', `The body has more than ${MAX_DEPTH} levels.`);
      const values: unknown[] = Array.isArray(inner) ? inner : Object.values(inner);
      if (values !== inner && values.length > MAX_FIELDS)
        throw new HubError('invalid', 'An object of the body has too many fields.');
      open.push({ values, next: 0 });
    }
  }
}

/** The object or array that a text spells; `undefined` when it spells none. @throws HubError as {@link assertShallow} */
export function parseJsonText(text: string): object | undefined {
  let value: unknown = text;
  // Templates quote what is already quoted, now and then.
  for (let round = 0; round < 3 && typeof value === 'string'; round++) {
    if (!/^\s*["[{]/.test(value)) return undefined;
    try {
      value = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  if (typeof value !== 'object' || value === null) return undefined;
  assertShallow(value);
  return value;
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of an object by a name without case, `_`, `-` and blanks; where two share one, the first that is not null. */
export interface LooseFields extends ReadonlyMap<string, unknown> {
  /** The field's name as the sender writes it, for telling them. */
  spelling(name: string): string;
}

class SpelledFields extends Map<string, unknown> implements LooseFields {
  readonly spellings = new Map<string, string>();

  spelling(name: string): string {
    return this.spellings.get(name) ?? name;
  }
}

const MAX_KEY = 64;

export function looseFields(object: object): LooseFields {
  const fields = new SpelledFields();
  // Maps, since names like `__proto__` are harmless there.
  for (const [key, value] of Object.entries(object)) {
    if (key.length > MAX_KEY) continue;
    const name = key.toLowerCase().replace(/[_\s-]/g, '');
    if ((fields.get(name) ?? null) !== null) continue;
    fields.set(name, value);
    fields.spellings.set(name, key);
  }
  return fields;
}

/** First value among `names` that is neither absent nor null; else `null`. */
export function pick(fields: LooseFields, names: readonly string[]): unknown {
  const name = present(fields, names);
  return name === undefined ? null : fields.get(name);
}

/** Name of the field that {@link pick} takes, as its sender writes it; the first of `names` when there is none. */
export function pickedName(fields: LooseFields, names: readonly string[]): string {
  return fields.spelling(present(fields, names) ?? (names[0] as string));
}

function present(fields: LooseFields, names: readonly string[]): string | undefined {
  return names.find((name) => (fields.get(name) ?? null) !== null);
}

/** Whether one of these fields is neither absent nor null. */
export function hasAny(fields: LooseFields, names: readonly string[]): boolean {
  return present(fields, names) !== undefined;
}

/** The text of a field; `null` when absent. @throws HubError `invalid` when it is something other than text */
export function pickText(fields: LooseFields, names: readonly string[]): string | null {
  const value = pick(fields, names);
  if (value === null || typeof value === 'string') return value;
  throw wrongType(pickedName(fields, names), 'text', value);
}

/** A refusal that names the field, what it should be and what it is. */
export function wrongType(field: string, expected: string, value: unknown): HubError {
  const got = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return new HubError('invalid', `${field} must be ${expected}.`, { details: { field, expected, got } });
}

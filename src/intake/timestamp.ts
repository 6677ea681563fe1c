// Reads when a mail was received, whatever way its connector writes it. A bad date never loses a mail.
import { decodePercent } from './encoding.js';

const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$/i;
/** `Mon, 20 Oct 2025 15:02:55 +0000`, weekday and seconds optional. */
const RFC_5322 =
  /^(?:[a-z]{3},\s)?\d{1,2}\s[a-z]{3}\s\d{4}\s\d{2}:\d{2}(?::\d{2})?\s(?:[+-]\d{4}|[a-z]{1,4})(?:\s\([a-z ]{1,40}\))?$/i;
/** `/Date(1761577375000)/`, as older .NET serializers write. */
const DOT_NET = /^\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\/$/;

const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** ISO 8601 in its usual forms (without zone: UTC), RFC 5322, or epoch seconds or milliseconds; anything else is `null`. */
export function parseTimestamp(value: unknown): Date | null {
  const at = typeof value === 'number' ? fromEpoch(value) : typeof value === 'string' ? fromText(value) : Number.NaN;
  return at > EARLIEST && at < LATEST ? new Date(at) : null;
}

function fromEpoch(value: number): number {
  return value < 1e11 ? value * 1000 : value;
}

function fromText(value: string): number {
  if (value.length > 200) return Number.NaN;
  const text = decodePercent(value.trim()).replace(/\s+/g, ' ');
  if (/^\d{9,13}$/.test(text)) return fromEpoch(Number(text));
  const dotNet = DOT_NET.exec(text);
  if (dotNet) return Number(dotNet[1]);
  // A `+` before an offset comes out of form decoding as a blank.
  const iso = ISO.exec(text.replace(/(T\S{4,24}) (\d{2}:?\d{2})$/, '$1+$2'));
  if (!iso) return RFC_5322.test(text) ? Date.parse(text) : Number.NaN;
  const [, day, minutes = '00:00', seconds = '00', fraction = '0', zone = 'Z'] = iso;
  return Date.parse(`${day}T${minutes}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${isoZone(zone)}`);
}

function isoZone(zone: string): string {
  const offset = /^([+-]\d{2}):?(\d{2})?$/.exec(zone);
  return offset ? `${offset[1]}:${offset[2] ?? '00'}` : 'Z';
}

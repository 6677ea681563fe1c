// Cuts a text into what is shown of it: plain parts, parts in which fields were found, and addresses of pages.
import type { Field, Mail, Place } from './submission';

export interface Piece {
  /** Place in the text; pieces are told apart by it. */
  start: number;
  text: string;
  /** Fields that were found here. */
  fields: readonly Field[];
  /** Where a link goes: http and https only. */
  href?: string;
}

export type Found = readonly (readonly [Field, Place])[];

/** What was found in one part of a mail, as far as it fits the text. */
export function foundIn(mail: Mail, part: Place['in']): Found {
  const entries = Object.entries(mail.evidence ?? {}) as [Field, Place][];
  return entries.filter(
    ([, place]) => place.in === part && mail[part].slice(place.start, place.end) === place.quote && place.quote !== '',
  );
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`{}|\\^[\]]+/gi;
/** Closes the sentence around an address, and is no part of it. */
const TAIL = /[.,;:!?)*_]+$/;

/** @returns the whole text, in its order */
export function piecesOf(text: string, found: Found): Piece[] {
  const bounds = new Set([0, text.length]);
  for (const [, { start, end }] of found) bounds.add(start).add(end);
  const links = new Map<number, { end: number; href: string }>();
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TAIL, '');
    const start = match.index;
    const end = start + address.length;
    const marked = found.some(([, place]) => place.start < end && place.end > start);
    if (marked || !URL.canParse(address)) continue;
    bounds.add(start).add(end);
    links.set(start, { end, href: address });
  }
  const cuts = [...bounds].filter((at) => at <= text.length).sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, index) => {
    const end = cuts[index + 1] as number;
    const fields = found.filter(([, place]) => place.start <= start && place.end >= end).map(([field]) => field);
    const href = links.get(start)?.href;
    return { start, text: text.slice(start, end), fields, ...(href ? { href } : {}) };
  });
}

const AROUND = 48;

/** The line in which something was found, cut to what is around it. */
export function lineAround(mail: Mail, place: Place): [before: string, quote: string, after: string] {
  const text = mail[place.in];
  const from = text.lastIndexOf('\n', place.start - 1) + 1;
  const end = text.indexOf('\n', place.end);
  const before = text.slice(from, place.start).trimStart();
  const after = text.slice(place.end, end < 0 ? undefined : end).trimEnd();
  return [
    before.length > AROUND ? `…${before.slice(-AROUND)}` : before,
    place.quote,
    after.length > AROUND ? `${after.slice(0, AROUND)}…` : after,
  ];
}

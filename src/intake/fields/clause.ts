// Looks around a place in a line of prose: which words stand close before and behind a number tell what the number is.

/** How far a word may stand from what it qualifies, characters. */
const REACH = 90;

/** What stands before an offset in the same sentence, nearest last. */
export function before(text: string, at: number, floor = 0): string {
  const part = text.slice(Math.max(floor, at - REACH), at);
  return part.slice(lastEnd(part));
}

/** What stands behind an offset in the same sentence. */
export function behind(text: string, end: number, ceiling = text.length): string {
  const part = text.slice(end, Math.min(ceiling, end + REACH));
  const stop = /[;!?]|\.(?:\s|$)/.exec(part);
  return stop ? part.slice(0, stop.index) : part;
}

const SENTENCE_END = /[;!?]\s|(?<![A-Z]|Inc|Ltd|Co|Corp|approx|excl|incl|eff|max|min|No)\.\s/g;

function lastEnd(part: string): number {
  const last = allMatches(part, SENTENCE_END).at(-1);
  return last ? last.index + last[0].length : 0;
}

/** Offset of the last match; -1 when there is none. `pattern` is as for {@link allMatches}. */
export function lastIndex(text: string, pattern: RegExp): number {
  return allMatches(text, pattern).at(-1)?.index ?? -1;
}

/**
 * What `matchAll` gives, as a list: that copies the pattern for each text, which takes longer than searching a line in vain,
 * as nearly all searches are. `pattern` has the flag `g` and never matches the empty text.
 */
export function allMatches(text: string, pattern: RegExp): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) found.push(match);
  return found;
}

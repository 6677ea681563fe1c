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

function lastEnd(part: string): number {
  let end = 0;
  for (const match of part.matchAll(/[;!?]\s|(?<![A-Z]|Inc|Ltd|Co|Corp|approx|excl|incl|eff|max|min|No)\.\s/g))
    end = match.index + match[0].length;
  return end;
}

/** Offset of the last match; -1 when there is none. `pattern` has the flag `g`. */
export function lastIndex(text: string, pattern: RegExp): number {
  let at = -1;
  for (const match of text.matchAll(pattern)) at = match.index;
  return at;
}

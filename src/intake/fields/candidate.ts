// One possible value of a field, with where the mail says it: what the finders return and the extraction chooses from.

/** Where a value was found, from the surest to the least sure. */
export type Source = 'label' | 'subject' | 'prose' | 'signature';

export interface Candidate<T = string> {
  value: T;
  /** 0 to 100; candidates of one field compare, those of different fields do not. */
  score: number;
  source: Source;
  /** Offset in the text of the reading, or in its subject; of the value or of the line that holds it. */
  at: number;
}

/**
 * The finders of one field, the surest first. Each step tells the highest score that later ones can give, so that who only wants
 * the best need not look where nothing better can be.
 */
export type Search<T = string> = Generator<{ found: Candidate<T>[]; ceiling: number }>;

/** Everything that a search finds. */
export function all<T>(search: Search<T>): Candidate<T>[] {
  return [...search].flatMap(({ found }) => found);
}

/** The same as the best of all, without looking further than that takes. */
export function surest<T>(search: Search<T>): Candidate<T> | null {
  let chosen: Candidate<T> | null = null;
  for (const { found, ceiling } of search) {
    chosen = best(chosen ? [chosen, ...found] : found);
    if (chosen && chosen.score >= ceiling) break;
  }
  return chosen;
}

/** The highest score; of equals the first, so that the choice is the same each time. */
export function best<T>(candidates: readonly Candidate<T>[]): Candidate<T> | null {
  let chosen: Candidate<T> | null = null;
  for (const candidate of candidates) if (chosen === null || candidate.score > chosen.score) chosen = candidate;
  return chosen;
}

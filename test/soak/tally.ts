// What was done in a run, counted by name.
export interface Tally {
  add(name: string, count?: number): void;
  of(name: string): number;
  readonly counts: ReadonlyMap<string, number>;
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    add: (name, count = 1) => void counts.set(name, (counts.get(name) ?? 0) + count),
    of: (name) => counts.get(name) ?? 0,
    counts,
  };
}

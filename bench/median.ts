// The middle of what was measured: one disturbed round does not move it.

export function median(values: readonly number[]): number {
  return medianBy(values, (value) => value);
}

/** The measurement whose figure is the middle one; of an even number the lower of the two. */
export function medianBy<T>(values: readonly T[], figure: (value: T) => number): T {
  const sorted = [...values].sort((a, b) => figure(a) - figure(b));
  return sorted[Math.floor((sorted.length - 1) / 2)] as T;
}

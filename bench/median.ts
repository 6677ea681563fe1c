// The middle of what was measured: one disturbed round does not move it.

export function median(values: readonly number[]): number {
  return medianBy(values, (value) => value);
}

/** The measurement whose figure is the middle one; of an even number the lower of the two. */
export function medianBy<T>(values: readonly T[], figure: (value: T) => number): T {
  const sorted = [...values].sort((a, b) => figure(a) - figure(b));
  return sorted[Math.floor((sorted.length - 1) / 2)] as T;
}

/** Of times, milliseconds. */
export interface Percentiles {
  p50: number;
  p99: number;
}

export function percentiles(times: readonly number[]): Percentiles {
  const sorted = Float64Array.from(times).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

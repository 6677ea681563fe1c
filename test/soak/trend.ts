// Whether something grows: a line through what was measured at calm points, that a single odd point does not bend.
import { medianOf } from '../faults/table.js';

export interface Point {
  /** Minutes since the beginning. */
  at: number;
  value: number;
}

/** What may be, before it is called a leak. */
export interface Bound {
  /** Growth per minute. */
  perMinute: number;
  /** Growth over all points together that is still noise. */
  noise: number;
  /** Never more than that, growth or not. */
  most?: number;
}

export interface Trend {
  start: number;
  end: number;
  /** Of the points that were judged. */
  perMinute: number;
  /** `–`: too few points to say. */
  verdict: 'steady' | 'GROWS' | 'TOO MANY' | '–';
}

/** With fewer points a line says nothing. */
export const POINTS_MIN = 5;

/** Theil and Sen's slope: the median of the slopes between any two points. */
export function slopeOf(points: readonly Point[]): number {
  const slopes = points.flatMap((one, index) =>
    points.slice(index + 1).map((other) => (other.value - one.value) / (other.at - one.at)),
  );
  return slopes.length === 0 ? 0 : medianOf(slopes);
}

/** @param points those of the time in which nothing ought to grow any more, in order */
export function trendOf(points: readonly Point[], bound: Bound): Trend {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return { start: 0, end: 0, perMinute: 0, verdict: '–' };
  const perMinute = slopeOf(points);
  const grown = perMinute * (last.at - first.at);
  const verdict = (): Trend['verdict'] => {
    if (points.some(({ value }) => value > (bound.most ?? Number.POSITIVE_INFINITY))) return 'TOO MANY';
    if (points.length < POINTS_MIN) return '–';
    return perMinute > bound.perMinute && grown > bound.noise ? 'GROWS' : 'steady';
  };
  return { start: first.value, end: last.value, perMinute, verdict: verdict() };
}

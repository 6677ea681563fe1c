// What the hub says of the desk as a whole, `GET /api/statistics` and `GET /api/people`, as far as the monitor shows it.
import type { Role } from '@workitem-hub/client';
import { useCallback } from 'react';
import { useApi } from '../hub/api';
import { type Polled, usePolled } from './polled';

/** Times are ISO 8601, hours the beginning of an hour, lengths of time whole seconds. */
export interface Statistics {
  as_of: string;
  /** The last 24 hours, the present one included, oldest first. */
  arrivals: { hour: string; count: number }[];
  /** `null`: there was none. */
  time_to_claim: {
    median_s: number | null;
    p90_s: number | null;
    count: number;
    per_hour: { hour: string; median_s: number | null }[];
  };
}

export interface Person {
  id: string;
  name: string | null;
  roles: Role[];
  teams: string[];
  last_seen: string;
  online: boolean;
}

const STATISTICS_MS = 30_000;
/** Somebody may come as another goes: what would tell of them stays the same then. */
const PEOPLE_MS = 10_000;
/** The hub gives the same answer for 5 s: a question that comes earlier would learn nothing. */
const STATISTICS_SOONEST_MS = 5_500;
const PEOPLE_SOONEST_MS = 1_000;

export function useStatistics(): Polled<Statistics> {
  const api = useApi();
  const read = useCallback((signal: AbortSignal) => api.get<Statistics>('api/statistics', signal), [api]);
  return usePolled(read, STATISTICS_MS, STATISTICS_SOONEST_MS);
}

export function usePeople(): Polled<Person[]> {
  const api = useApi();
  const read = useCallback(
    async (signal: AbortSignal) => (await api.get<{ items: Person[] }>('api/people', signal)).items,
    [api],
  );
  return usePolled(read, PEOPLE_MS, PEOPLE_SOONEST_MS);
}

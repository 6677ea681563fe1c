// What the hub says of the desk as a whole, `GET /api/statistics` and `GET /api/people`, as far as the monitor shows it.
import type { Person, Statistics } from '@workitem-hub/client';
import { useCallback } from 'react';
import { useApi } from '../hub/api';
import { type Polled, usePolled } from './polled';

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

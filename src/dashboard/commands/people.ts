// The people whose ids stand on items: their names, and for those who hand out work their teams and whether they are there.
import type { Role, WorkItemClient } from '@workitem-hub/client';
import { useWorkItemClient } from '@workitem-hub/client/react';
import type { Api } from '../hub/api';
import { perClient } from '../hub/per-client';
import { isolated } from '../locale/format';
import { createValue, useValue } from '../ui/value';

export interface Colleague {
  id: string;
  name: string | null;
  email?: string | null;
  roles: readonly Role[];
  teams: readonly string[];
  /** Absent where it is not known. */
  online?: boolean;
}

type Colleagues = ReadonlyMap<string, Colleague>;

/** Who is known to this session. */
export const colleaguesOf = perClient(() => createValue<Colleagues>(new Map()));

/** Takes what is said about people along; what is said later counts. */
export function noteColleagues(client: WorkItemClient, some: readonly Colleague[]): void {
  const value = colleaguesOf(client);
  value.write(new Map([...value.read(), ...some.map((one) => [one.id, one] as const)]));
}

/** Asks the hub for everybody; for supervisors. @throws ApiError */
export async function loadColleagues(client: WorkItemClient, api: Api): Promise<void> {
  const { items } = await api.get<{ items: Colleague[] }>('api/people');
  noteColleagues(client, items);
}

/** Ids of some identity providers say nothing to people. */
const OPAQUE = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export function nameIn(colleagues: Colleagues, id: string): string {
  return colleagues.get(id)?.name ?? (OPAQUE.test(id) ? 'Somebody else' : id);
}

/** A person in a sentence. */
export const nameOfPerson = (client: WorkItemClient, id: string): string =>
  isolated(nameIn(colleaguesOf(client).read(), id));

export const useColleagues = (): Colleagues => useValue(colleaguesOf(useWorkItemClient()));

import type { Item, Principal, Role } from '@workitem-hub/client/contract';
import { createWorkItems, type WorkItemStore } from '../../client-sdk/src/work-items.js';

/** An item of which only some things matter. Equal ids and versions should be given equal contents. */
export function makeItem(id: number, version = 1, with_: Partial<Item> = {}): Item {
  return {
    id,
    submission_id: id,
    submission_ref: `ref-${id}`,
    subject: `Item ${id}, version ${version}`,
    from_email: 'jo@broker.example',
    created_at: new Date(Date.UTC(2026, 0, 1) + id * 1_000).toISOString(),
    status: 'pending',
    extracted_fields: {
      insured_name: null,
      policy_type: null,
      coverage_amount: null,
      effective_date: null,
      broker: null,
    },
    assigned_to: null,
    team: null,
    version,
    updated_at: new Date(Date.UTC(2026, 0, 1) + version * 1_000).toISOString(),
    ...with_,
  };
}

export const person = (sub: string, teams: string[] = [], roles: Role[] = ['underwriter']): Principal => ({
  sub,
  name: sub,
  email: null,
  roles,
  teams,
});

/** A store that fails the test where it would tell the application of a failure. */
export const openStore = (): WorkItemStore =>
  createWorkItems((thrown) => {
    throw thrown;
  });

/** A store that shows everything there is, complete with these items. */
export function storeOf(items: readonly Item[]): WorkItemStore {
  const store = openStore();
  store.setView(person('sam', [], ['supervisor']), null);
  store.beginSnapshot('log')(items);
  return store;
}

// A tab: one client after the other in front of one storage, and everything that the application in it was told, in order.
import {
  type ConsumedEvent,
  type Consumer,
  createWorkItemClient,
  type Filter,
  type Item,
  memoryStorage,
  type PositionStorage,
  type WorkItemClient,
  type WorkItemClientOptions,
  WorkItemError,
} from '@workitem-hub/client';
import type { Role } from '@workitem-hub/client/contract';
import type { TestHub } from '../support/hub.js';
import type { Network } from './network.js';

/** Somebody who signs in: what the next token says. */
export interface Person {
  readonly sub: string;
  readonly roles: readonly Role[];
  teams: readonly string[];
  /** Seconds that a token lives. */
  ttl: number;
  /** Calls of `getToken` that fail from now on. */
  failing: number;
  /** Resolves when they may sign in: no revocation is under way. */
  allowed: Promise<unknown>;
}

export type Entry = { life: number } & (
  | { kind: 'begins'; seq: number; scope: string }
  /** `behind`: a report of what was missed is still to come. */
  | { kind: 'event'; seq: number; scope: string; id: number; version: number; behind: boolean }
  | { kind: 'caught_up'; missed: boolean }
  /** A change of the filter was asked for. */
  | { kind: 'filter' }
  /** The consumer: events it has begun and finished to work on, holes it was told of, positions it has kept. */
  | { kind: 'working' | 'finished'; seq: number; key: string }
  | { kind: 'missed' }
  | { kind: 'kept'; seq: number }
);

export interface TabOptions extends Partial<WorkItemClientOptions> {
  /** Whether it works on each event, instead of listening. */
  consumes?: boolean;
}

export interface Tab {
  readonly person: Person;
  readonly network: Network;
  readonly client: WorkItemClient;
  readonly consumer: Consumer | null;
  readonly consumes: boolean;
  readonly clientId: string | undefined;
  readonly entries: readonly Entry[];
  /** What must never be, in words. */
  readonly faults: readonly string[];
  /** Events that the handler works on slowly from now on, and calls that it fails. */
  slow: number;
  failing: number;
  /** Closed without warning, and opened again: whatever the old page still does reaches nobody. */
  reload(): void;
  setFilter(filter: Filter | null): Promise<void>;
  /** The hub was found to keep this position. */
  noteKept(seq: number): void;
  /** Whether this life has been told of an item, or has worked on it. */
  knows(id: number): boolean;
  close(): void;
}

const SLOW_MS = 25;

/** Opens a tab for somebody, behind a network of its own. */
export function openTab(
  hub: TestHub,
  person: Person,
  network: Network,
  { consumes = false, filter = null, ...given }: TabOptions = {},
): Tab {
  const storage = memoryStorage();
  const entries: Entry[] = [];
  const faults: string[] = [];
  let life = 0;
  let wished: Filter | null = filter;
  let consumer: Consumer | null = null;
  let client: WorkItemClient;
  let end: () => void = () => {};

  const tab: Tab = {
    person,
    network,
    get client() {
      return client;
    },
    get consumer() {
      return consumer;
    },
    consumes,
    clientId: given.clientId,
    entries,
    faults,
    slow: 0,
    failing: 0,
    reload() {
      end();
      life++;
      begin();
    },
    async setFilter(next) {
      entries.push({ life, kind: 'filter' });
      wished = next;
      await client.setFilter(next);
    },
    knows: (id) =>
      entries.some((one) => {
        if (one.life !== life) return false;
        return consumes
          ? one.kind === 'finished' && one.key.startsWith(`${id}:`)
          : one.kind === 'event' && one.id === id;
      }),
    noteKept: (seq) => void entries.push({ life, kind: 'kept', seq }),
    close: () => end(),
  };
  begin();
  return tab;

  function begin(): void {
    const mine = life;
    let dead = false;
    let asking = 0;
    let begun = false;
    const note = (entry: Entry): void => {
      if (!dead) entries.push(entry);
    };
    /** What a page that is gone writes does not count. */
    const own: PositionStorage = {
      get: (name) => storage.get(name),
      set(name, value) {
        if (dead) return;
        note({ life: mine, kind: 'kept', seq: (JSON.parse(value) as { seq: number }).seq });
        return storage.set(name, value);
      },
    };

    const made = createWorkItemClient({
      url: network.url,
      async getToken({ signal }) {
        if (++asking > 1 && !signal.aborted) faults.push(`${person.sub} was asked for two tokens at once`);
        try {
          await new Promise((resolve) => setImmediate(resolve));
          if (person.failing > 0) {
            person.failing--;
            throw new Error('no token today');
          }
          const { sub, roles, teams, ttl } = person;
          return await hub.token(sub, { roles: [...roles], teams: [...teams], ttl });
        } finally {
          asking--;
        }
      },
      filter: wished,
      ...(consumes && given.clientId === undefined ? { storage: own } : {}),
      whenOffline: 'queue',
      commandTimeoutMs: 4_000,
      connectTimeoutMs: 1_000,
      silenceMs: 1_500,
      backoff: { minMs: 10, maxMs: 100 },
      listAhead: mine % 2 === 0,
      ...given,
    });
    client = made;
    end = () => {
      dead = true;
      made.close();
    };

    const watch = watchList(made, (fault) => {
      if (!dead) faults.push(`${person.sub}, life ${mine}: ${fault}`);
    });
    made.on('event', (event) => {
      const item = event.name === 'new_workitem' ? event.data : event.data.item;
      const { seq, scope = '' } = made.position as { seq: number; scope?: string };
      if (seq !== event.meta.seq) faults.push(`${person.sub} was told ${event.meta.seq} at position ${seq}`);
      note({
        life: mine,
        kind: 'event',
        seq: event.meta.seq,
        scope,
        id: item.id,
        version: item.version,
        behind: made.state.name !== 'connected',
      });
      watch.told(item);
    });
    made.on('caught_up', ({ missed }) => {
      const { seq, scope = '' } = made.position as { seq: number; scope?: string };
      // Whoever hears nothing before has missed nothing either: from here on everything has to come.
      if (!begun && !entries.some((one) => one.life === mine && one.kind === 'event')) {
        note({ life: mine, kind: 'begins', seq, scope });
      }
      begun = true;
      note({ life: mine, kind: 'caught_up', missed });
    });
    made.on('state', ({ name, code }) => {
      // People who were signed out sign in again.
      if (dead || name !== 'closed') return;
      if (code !== 'unauthenticated' && code !== 'token_expired') faults.push(`${person.sub} was closed: ${code}`);
      void person.allowed.then(() => {
        if (!dead) made.connect();
      });
    });

    if (!consumes) {
      consumer = null;
      made.connect();
      return;
    }
    let busy = false;
    consumer = made.consume(
      async (event: ConsumedEvent) => {
        if (dead) return new Promise<void>(() => {});
        if (busy) faults.push(`${person.sub} works on two events at once`);
        busy = true;
        const what = { life: mine, seq: event.meta.seq, key: event.key };
        note({ ...what, kind: 'working' });
        try {
          if (tab.slow > 0) {
            tab.slow--;
            await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
          } else await new Promise((resolve) => setImmediate(resolve));
          if (dead) return await new Promise<void>(() => {});
          if (tab.failing > 0) {
            tab.failing--;
            throw new Error('the handler does not feel like it');
          }
          note({ ...what, kind: 'finished' });
        } finally {
          busy = false;
        }
      },
      { maxPending: 20, onMissed: () => note({ life: mine, kind: 'missed' }) },
    );
  }
}

/** Looks at the list whenever something was told: it must not fall behind the events, nor show what one may not see. */
function watchList(client: WorkItemClient, fault: (what: string) => void) {
  const told = new Map<number, number>();
  let scope: string | undefined;
  client.workItems.subscribe(look);

  function look(): void {
    for (const { id, version, assigned_to, team } of client.workItems.items) {
      if (version < (told.get(id) ?? 0)) fault(`item ${id} is shown at ${version}, after ${told.get(id)} was told`);
      if (!mayBeSeen({ assigned_to, team })) fault(`item ${id} is shown, of ${assigned_to ?? team}`);
    }
  }

  function mayBeSeen({ assigned_to, team }: Pick<Item, 'assigned_to' | 'team'>): boolean {
    const { sub, roles, teams } = client.principal as { sub: string; roles: Role[]; teams: string[] };
    if (roles.includes('supervisor')) return true;
    return assigned_to === null ? team === null || teams.includes(team) : assigned_to === sub;
  }

  return {
    told({ id, version }: Item): void {
      const now = client.position?.scope;
      if (now !== scope) told.clear();
      scope = now;
      told.set(id, version);
      look();
    },
  };
}

/** How a command ended, as its caller was told. */
export interface Told {
  commandId: string;
  kind: 'claim' | 'assign' | 'set_status';
  by: string;
  id: number;
  /** Version of the item that it was answered with; else the code of its error. */
  outcome: number | string;
}

/** Follows a command to its end. */
export function follow(about: Omit<Told, 'outcome'>, command: Promise<Item>, into: Told[]): Promise<void> {
  return command.then(
    ({ version }) => void into.push({ ...about, outcome: version }),
    (error: unknown) => {
      const outcome = error instanceof WorkItemError ? error.code : String(error);
      into.push({ ...about, outcome });
    },
  );
}

// A hub, a client of it behind a network of its own, and everything that the client was told.
import {
  type CaughtUpReport,
  type ClientState,
  createWorkItemClient,
  type ItemEvent,
  type TokenReason,
  type WorkItemClient,
  type WorkItemClientOptions,
  type WorkItemError,
} from '@workitem-hub/client';
import { events, logs } from '../../src/eventlog/collections.js';
import { UNLIMITED } from '../faults/unlimited.js';
import { type Claims, startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';
import { createNetwork, type Network } from './network.js';

export interface Seat {
  readonly client: WorkItemClient;
  readonly network: Network;
  readonly heard: ItemEvent[];
  readonly reports: CaughtUpReport[];
  readonly states: ClientState[];
  readonly errors: WorkItemError[];
  /** Why `getToken` was called, each time. */
  readonly asked: TokenReason[];
  /** Ids of the items that the list shows. */
  ids(): number[];
  /** `<id>:<version>` of the events heard. */
  keys(): string[];
  connected(): Promise<void>;
  /** Off the network until `allow`. */
  leave(): Promise<void>;
}

export interface Desk {
  readonly hub: TestHub;
  /** A client that is not connected yet. What it says of tokens may change while it runs. */
  seat(sub: string, claims?: Claims, options?: Partial<WorkItemClientOptions>): Promise<Seat>;
  /** One that is connected, with a whole list. */
  seated(sub: string, claims?: Claims, options?: Partial<WorkItemClientOptions>): Promise<Seat>;
  /** Retention deletes everything up to the newest event. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  const hub = await startHub(UNLIMITED);
  const seats: Seat[] = [];

  async function seat(sub: string, claims: Claims = {}, options: Partial<WorkItemClientOptions> = {}): Promise<Seat> {
    const network = await createNetwork(() => hub.url);
    const asked: TokenReason[] = [];
    const client = createWorkItemClient({
      url: network.url,
      async getToken({ reason }) {
        asked.push(reason);
        return hub.token(sub, claims);
      },
      backoff: { minMs: 10, maxMs: 100 },
      connectTimeoutMs: 2_000,
      ...options,
    });
    const made: Seat = {
      client,
      network,
      heard: [],
      reports: [],
      states: [],
      errors: [],
      asked,
      ids: () => client.workItems.items.map(({ id }) => id).sort((a, b) => a - b),
      keys: () => made.heard.map(({ data }) => `${data.id}:${data.version}`),
      connected: () => until(() => client.state.name === 'connected'),
      async leave() {
        network.forbid();
        network.cut();
        await until(() => client.state.name === 'offline');
      },
    };
    client.on('event', (event) => made.heard.push(event));
    client.on('caught_up', (report) => made.reports.push(report));
    client.on('state', (state) => made.states.push(state));
    client.on('error', (error) => made.errors.push(error));
    seats.push(made);
    return made;
  }

  return {
    hub,
    seat,
    async seated(...args) {
      const made = await seat(...args);
      made.client.connect();
      await made.connected();
      return made;
    },
    async forget() {
      const [newest] = await events.of(hub.database.mongo).find().sort({ _id: -1 }).limit(1).toArray();
      const floor = newest?._id ?? 0;
      await logs.of(hub.database.mongo).updateOne({ _id: 'log' }, { $max: { floor, contiguous_to: floor } });
      await events.of(hub.database.mongo).deleteMany({ _id: { $lte: floor } });
      await hub.restart();
    },
    async close() {
      for (const { client } of seats) client.close();
      await Promise.all(seats.map(({ network }) => network.close()));
      await hub.close();
    },
  };
}

/** As `until`, for what has to be asked for. */
export async function eventually(condition: () => Promise<boolean>, ms = 10_000): Promise<void> {
  for (const deadline = Date.now() + ms; !(await condition()); ) {
    if (Date.now() > deadline) throw new Error(`the condition does not hold after ${ms} ms`);
  }
}

/** Lists that the hub has answered wait here until they may reach their client. */
export function holdLists(): { readonly held: number; release(): void; end(): void } {
  const real = globalThis.fetch;
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let held = 0;
  globalThis.fetch = async (input, init) => {
    const response = await real(input, init);
    if (!new Request(input).url.includes('/api/workitems?')) return response;
    held++;
    await gate;
    return response;
  };
  return {
    get held() {
      return held;
    },
    release: open,
    end() {
      globalThis.fetch = real;
      open();
    },
  };
}

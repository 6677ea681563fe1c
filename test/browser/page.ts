// The page of the browser tests: a client of the hub, and everything that it was told.
import {
  type ClientState,
  createWorkItemClient,
  indexedDbStorage,
  type PositionStorage,
  tabId,
  type TransportName,
  webStorage,
  type WorkItemClient,
} from '@workitem-hub/client';

export interface PageOptions {
  url: string;
  token: string;
  /** Works on events one by one, by `record`, and keeps the position here. Without it the page only shows. */
  consume?: keyof typeof STORAGES;
  transports?: TransportName[];
  connectTimeoutMs?: number;
  backoff?: { minMs: number; maxMs: number };
}

export interface Desk {
  /** Item and version of each event, in the order in which they came: `7:2`. */
  readonly seen: string[];
  readonly states: Pick<ClientState, 'name' | 'code'>[];
  readonly errors: string[];
  /** What each catch-up reported as missed. */
  readonly missed: boolean[];
  /** Calls of a listener of the list, and what stood there at each. */
  readonly lengths: number[];
  /** Frames that the browser painted since the page was there. */
  frames: number;
  readonly tab: string;
  readonly client: WorkItemClient;
  ids(): number[];
  /** Up to where the consumer's position is kept. */
  stored(): Promise<number | null>;
}

declare global {
  interface Window {
    desk: Desk;
    openDesk(options: PageOptions): Promise<void>;
    /** Given by the test: resolves when the work on an event is finished. */
    record(tab: string, key: string): Promise<void>;
  }
}

const STORAGES = {
  localStorage: () => webStorage(),
  indexedDb: () => indexedDbStorage(),
} satisfies Record<string, () => PositionStorage>;

// At once, as an application does: the page before may not be quite gone.
void tabId();

window.openDesk = async ({ consume, token, ...options }) => {
  const tab = await tabId();
  const storage = consume && STORAGES[consume]();
  const client = createWorkItemClient({
    getToken: () => token,
    backoff: { minMs: 50, maxMs: 500 },
    ...options,
    ...(storage === undefined ? {} : { storage, positionName: tab }),
  });
  const desk: Desk = {
    seen: [],
    states: [],
    errors: [],
    missed: [],
    lengths: [],
    frames: 0,
    tab,
    client,
    ids: () => client.workItems.items.map(({ id }) => id),
    async stored() {
      const text = await storage?.get(`workitem-hub:${options.url}:${tab}`);
      return text ? (JSON.parse(text) as { seq: number }).seq : null;
    },
  };
  window.desk = desk;
  requestAnimationFrame(function count() {
    desk.frames++;
    requestAnimationFrame(count);
  });
  client.on('event', ({ data }) => desk.seen.push(`${data.id}:${data.version}`));
  client.on('state', ({ name, code }) => desk.states.push({ name, code }));
  client.on('error', (error) => desk.errors.push(`${error.code}: ${error.message}`));
  client.on('caught_up', ({ missed }) => desk.missed.push(missed));
  client.workItems.subscribe(() => desk.lengths.push(client.workItems.items.length));
  if (storage === undefined) client.connect();
  else client.consume(({ key }) => window.record(tab, key));
};

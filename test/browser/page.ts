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
  tab: string;
  client: WorkItemClient;
  ids(): number[];
}

declare global {
  interface Window {
    desk: Desk;
    open_(options: PageOptions): Promise<void>;
    /** Given by the test: resolves when the work on an event is finished. */
    record(tab: string, key: string): Promise<void>;
  }
}

const STORAGES = {
  localStorage: () => webStorage(),
  indexedDb: () => indexedDbStorage(),
} satisfies Record<string, () => PositionStorage>;

window.open_ = async ({ url, token, consume, transports }) => {
  const tab = await tabId();
  const client = createWorkItemClient({
    url,
    getToken: () => token,
    backoff: { minMs: 50, maxMs: 500 },
    ...(transports === undefined ? {} : { transports }),
    ...(consume === undefined ? {} : { storage: STORAGES[consume](), positionName: tab }),
  });
  const desk: Desk = {
    seen: [],
    states: [],
    errors: [],
    missed: [],
    lengths: [],
    tab,
    client,
    ids: () => client.workItems.items.map(({ id }) => id),
  };
  window.desk = desk;
  client.on('event', ({ data }) => desk.seen.push(`${data.id}:${data.version}`));
  client.on('state', ({ name, code }) => desk.states.push({ name, code }));
  client.on('error', (error) => desk.errors.push(`${error.code}: ${error.message}`));
  client.on('caught_up', ({ missed }) => desk.missed.push(missed));
  client.workItems.subscribe(() => desk.lengths.push(client.workItems.items.length));
  if (consume === undefined) client.connect();
  else client.consume(({ key }) => window.record(tab, key));
};

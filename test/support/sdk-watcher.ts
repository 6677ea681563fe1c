// A watcher that is the published client: besides what it was told, its list is held against the hub's.
import { createWorkItemClient, type Item, type ItemEvent } from '@workitem-hub/client';
import { until } from './until.js';
import type { SeenEvent, Stretch, Watcher } from './watcher.js';

export interface SdkWatcherOptions {
  name: string;
  /** The one address of all hubs. */
  url: string;
  token: string;
  /** What it may see, as the server would compute it. */
  rooms: readonly string[];
}

const WHOLE_MS = 30_000;

export function watchWithClient({ name, url, token, rooms }: SdkWatcherOptions): Watcher {
  const stretches: Stretch[] = [];
  const verdicts: string[] = [];
  const firstSeen = new Map<string, number>();
  const looks = new Set<() => void>();
  /** Told while something was missing: where it belongs is known when the client has caught up. */
  let pending: { epoch: string; seen: SeenEvent }[] = [];
  const client = createWorkItemClient({
    url,
    getToken: async () => token,
    backoff: { minMs: 20, maxMs: 100 },
    connectTimeoutMs: 3_000,
  });

  client.on('event', (event: ItemEvent) => {
    const item = event.name === 'new_workitem' ? event.data : event.data.item;
    if (!firstSeen.has(item.submission_ref)) firstSeen.set(item.submission_ref, performance.now());
    const { seq, epoch } = event.meta;
    const seen = { seq, event: event.name, id: item.id, version: item.version };
    const last = stretches.at(-1);
    if (last && client.state.name === 'connected') take(last, [seen]);
    else pending.push({ epoch, seen });
    look();
  });
  client.on('caught_up', ({ missed }) => {
    const { epoch, seq } = client.position as { epoch: string; seq: number };
    const last = stretches.at(-1);
    verdicts.push(last === undefined ? 'fresh' : missed ? 'resync' : 'resumed');
    // What came of the old log was told before the new one began. Where the hole in one log was, is not known.
    if (last && missed && epoch !== last.epoch) take(last, seenIn(last.epoch));
    if (!last || missed) stretches.push({ epoch, start: last ? seq : startOf(seq), end: seq, seen: [] });
    if (!missed) take(stretches.at(-1) as Stretch, seenIn(epoch));
    pending = [];
    reach(seq);
    look();
  });
  client.connect();

  const seenIn = (epoch: string): SeenEvent[] => pending.filter((one) => one.epoch === epoch).map(({ seen }) => seen);
  /** Where the first stretch began: everything after the first event has to come. */
  const startOf = (seq: number): number => (pending[0] ? pending[0].seen.seq - 1 : seq);

  function take(stretch: Stretch, seen: readonly SeenEvent[]): void {
    stretch.seen.push(...seen);
    const last = seen.at(-1);
    if (last) stretch.end = Math.max(stretch.end, last.seq);
  }

  function reach(seq: number): void {
    const last = stretches.at(-1) as Stretch;
    last.end = Math.max(last.end, seq);
  }

  function look(): void {
    for (const one of looks) one();
  }

  return {
    name,
    rooms,
    stretches,
    verdicts,
    // The client keeps these to itself.
    announced: [],
    seenAt: (ref) => firstSeen.get(ref),
    reached: (seq, ms) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (stretches.length === 0 || (client.position?.seq ?? -1) < seq) return;
          clearTimeout(timer);
          looks.delete(check);
          resolve();
        };
        const timer = setTimeout(() => {
          looks.delete(check);
          const { state, position } = client;
          reject(new Error(`${name} stands at ${position?.seq} (${state.name} ${state.reason}), was to reach ${seq}`));
        }, ms);
        looks.add(check);
        check();
      }),
    drop() {
      client.close();
      client.connect();
    },
    sleep: () => client.close(),
    wake: () => client.connect(),
    async atRest() {
      try {
        await until(() => client.state.name === 'connected' && client.workItems.complete, WHOLE_MS);
      } catch {
        return [`${name} has no whole list: ${client.state.name} ${client.state.reason}`];
      }
      const keysOf = (items: readonly Item[]): string[] => items.map(({ id, version }) => `${id}:${version}`).sort();
      const [mine, hubs] = [keysOf(client.workItems.items), keysOf(await listOf(url, token))];
      if (mine.join() === hubs.join()) return [];
      const without = (some: string[], others: string[]): string =>
        some
          .filter((one) => !others.includes(one))
          .slice(0, 5)
          .join(' ');
      return [`${name} lists ${without(mine, hubs)} where the hub has ${without(hubs, mine)}`];
    },
    close: () => client.close(),
  };
}

/** A connection of Node's pool may be one that went silent: then another is taken. */
const ANSWER_MS = 3_000;
const TRIES = 20;

async function ask(url: string, token: string): Promise<{ items: Item[]; next_cursor: string | null }> {
  for (let tries = 1; ; tries++) {
    try {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_MS) });
      if (!response.ok) throw new Error(`${url} was answered ${response.status}`);
      return (await response.json()) as { items: Item[]; next_cursor: string | null };
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

/** All that the hub lists. */
async function listOf(url: string, token: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query = new URLSearchParams({ limit: '500', ...(cursor ? { cursor } : {}) });
    const page = await ask(`${url}/api/workitems?${query}`, token);
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  return items;
}

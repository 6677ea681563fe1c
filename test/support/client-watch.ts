// Counts what a view takes from a client and gives back, and what it costs the hub.
import type { ItemList, WorkItemClient } from '@workitem-hub/client';
import type { TestHub } from './hub.js';

export interface WatchedClient {
  readonly client: WorkItemClient;
  /** Subscriptions that were made, of all kinds. */
  readonly made: number;
  /** Those of them that still stand. */
  readonly standing: number;
}

/** The same client behind a face that counts subscriptions. */
export function watchClient(client: WorkItemClient): WatchedClient {
  let made = 0;
  let standing = 0;
  const faces = new WeakMap<ItemList, ItemList>();
  const counted = (end: () => void): (() => void) => {
    made++;
    standing++;
    let over = false;
    return () => {
      if (!over) standing--;
      over = true;
      end();
    };
  };
  const faceOf = (list: ItemList): ItemList => {
    const face = faces.get(list) ?? withOwn(list, { subscribe: (onChange) => counted(list.subscribe(onChange)) });
    faces.set(list, face);
    return face;
  };
  const { workItems } = client;
  const watched = withOwn(client, {
    on: (name, listener) => counted(client.on(name, listener)),
    workItems: withOwn(workItems, {
      subscribe: (onChange) => counted(workItems.subscribe(onChange)),
      list: (options) => faceOf(workItems.list(options)),
    }),
  });
  return {
    client: watched,
    get made() {
      return made;
    },
    get standing() {
      return standing;
    },
  };
}

/** The object, but for some properties. Getters still read the original. */
function withOwn<T extends object>(original: T, own: Partial<T>): T {
  return new Proxy(original, {
    get: (target, name) => (name in own ? own[name as keyof T] : Reflect.get(target, name)) as unknown,
  });
}

/** Sum of a metric of the hub over all its labels. */
export async function metric(hub: TestHub, name: string): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(name) && /^[{ ]/.test(line.slice(name.length)));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

// A screen on the raw client, built as its documentation says, and everything that the client told it.
import type { Item } from '@workitem-hub/client';
import { createRawClient, type RawClient, type RawClientOptions, type RawEvent } from '@workitem-hub/client/raw';
import { WebSocket } from 'ws';
import { until } from '../support/until.js';

export interface Desk {
  readonly client: RawClient;
  /** The list on the screen. */
  readonly items: Map<number, Item>;
  readonly events: RawEvent[];
  readonly snapshots: { ids: number[]; missed: boolean; reason: string | undefined }[];
  /** `state` or `state:code`. */
  readonly states: string[];
  readonly errors: { code: string; message: string }[];
  /** Resolves when it is in this state. */
  is(state: RawClient['state']): Promise<void>;
}

/** Waits between tries, short enough for tests. */
export const SOON = { minMs: 10, maxMs: 60 };

export function openDesk(options: Partial<RawClientOptions> & Pick<RawClientOptions, 'url' | 'getToken'>): Desk {
  const items = new Map<number, Item>();
  const events: RawEvent[] = [];
  const snapshots: Desk['snapshots'] = [];
  const states: string[] = [];
  const errors: Desk['errors'] = [];
  const client = createRawClient({
    WebSocket,
    backoff: SOON,
    onEvent(event) {
      events.push(event);
      const { item, visible } = event;
      if (item.version < (items.get(item.id)?.version ?? 0)) return;
      if (visible) items.set(item.id, item);
      else items.delete(item.id);
    },
    onSnapshot(list, { missed, reason }) {
      snapshots.push({ ids: list.map(({ id }) => id), missed, reason });
      items.clear();
      for (const item of list) items.set(item.id, item);
    },
    onState: (state, _reason, code) => void states.push(code ? `${state}:${code}` : state),
    onError: ({ code, message }) => void errors.push({ code, message }),
    ...options,
  });
  return {
    client,
    items,
    events,
    snapshots,
    states,
    errors,
    is: (state) => until(() => client.state === state, 8_000),
  };
}

// Orders on their way to the hub: they wait for a connection, and for those that were given for the same item before.
import type { Item, WorkItemClient } from '@workitem-hub/client';
import { noteOrdered } from '../table/arrivals';
import { createValue, type Value } from '../ui/value';
import type { Order } from './actions';
import { NotReached } from './refusals';

export interface Sending {
  /** Orders that the hub has not answered, by item. */
  readonly waiting: Value<ReadonlyMap<number, readonly Order[]>>;
  /** @param version what the order is bound to, where that matters */
  carryOut(order: Order, item: Item, version?: number): Promise<Done>;
}

export interface Done {
  order: Order;
  before: Item;
  after: Item;
}

/** How long an order waits for a connection; the client repeats it under one id, so that it is done once. */
const PATIENCE_MS = 10 * 60_000;

export function createSending(client: WorkItemClient): Sending {
  const waiting = createValue<ReadonlyMap<number, readonly Order[]>>(new Map());
  /** The latest order for each item that has not been answered. */
  const lines = new Map<number, Promise<Done>>();

  function send(order: Order, id: number, version?: number): Promise<Item> {
    const options = {
      whenOffline: 'queue' as const,
      timeoutMs: PATIENCE_MS,
      ...(version === undefined ? {} : { version }),
    };
    switch (order.kind) {
      case 'claim':
        return client.claim(id, options);
      case 'release':
        return client.assign(id, { assignedTo: null }, options);
      case 'assign': {
        const { to, team } = order;
        return client.assign(id, { assignedTo: to, ...(team === undefined ? {} : { team }) }, options);
      }
      case 'status': {
        const { status, reason } = order;
        return client.setStatus(id, { status, ...(reason === undefined ? {} : { reason }) }, options);
      }
    }
  }

  /** One order for an item after the other: what is wanted next is meant for what the one before it leads to. */
  async function carryOut(order: Order, item: Item, version?: number): Promise<Done> {
    const { id } = item;
    noteOrdered(id);
    const ahead = lines.get(id);
    const mine = ahead
      ? ahead.then(
          ({ after }) => sendNow(after),
          () => Promise.reject(new NotReached()),
        )
      : sendNow(client.workItems.get(id) ?? item);
    function sendNow(before: Item): Promise<Done> {
      return send(order, id, version).then((after) => ({ order, before, after }));
    }
    lines.set(id, mine);
    note(id, (orders) => [...orders, order]);
    try {
      return await mine;
    } finally {
      if (lines.get(id) === mine) lines.delete(id);
      note(id, (orders) => orders.filter((one) => one !== order));
    }
  }

  function note(id: number, change: (orders: readonly Order[]) => readonly Order[]): void {
    const next = new Map(waiting.read());
    const orders = change(next.get(id) ?? []);
    if (orders.length > 0) next.set(id, orders);
    else next.delete(id);
    waiting.write(next);
  }

  return { waiting, carryOut };
}

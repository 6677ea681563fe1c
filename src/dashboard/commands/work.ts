// Carries out what people want done: through the client, which shows it before the hub has answered and takes it back when the hub
// refuses; with words for how it went, and the way back.
import type { Item, WorkItemClient } from '@workitem-hub/client';
import { perClient } from '../hub/per-client';
import { formatCount } from '../locale/format';
import { openItem } from '../queues/view-url';
import { isSaid, toast } from '../ui/toasts';
import { createValue, type Value } from '../ui/value';
import { doneWord, doneWords, nameOfItem, type Order, orderWords, placeWords } from './actions';
import { showDialog } from './dialog-state';
import { nameOfPerson } from './people';
import { NotReached, type Refusal, refusalOf, sumOf } from './refusals';
import { takersOf } from './takers';
import { unansweredOf } from './unanswered';
import { wayBack } from './undo';
import { noteOrdered } from '../table/arrivals';
import { statusWords } from '../table/cells';

export interface Work {
  /** Orders that the hub has not answered, by item. */
  readonly waiting: Value<ReadonlyMap<number, readonly Order[]>>;
  /** How far each order for several has come that is under way, the first first. */
  readonly progress: Value<readonly Progress[]>;
  /** Never rejects: how it went is said to whoever looks. */
  give(order: Order, items: readonly Item[]): Promise<void>;
  /** Somebody else may sit here now: nothing is said any more. */
  leave(): void;
}

export interface Progress {
  id: number;
  /** What is done, such as `Claim`. */
  words: string;
  done: number;
  total: number;
}

interface Done {
  order: Order;
  before: Item;
  after: Item;
}

type Refused = Refusal & { item: Item };

/** How long an order waits for a connection; the client repeats it under one id, so that it is done once. */
const PATIENCE_MS = 10 * 60_000;
/** Orders under way at once. */
const AT_ONCE = 6;

/** The work of one session. */
export const workOf = perClient(createWork);

function createWork(client: WorkItemClient): Work {
  const waiting = createValue<ReadonlyMap<number, readonly Order[]>>(new Map());
  const progress = createValue<readonly Progress[]>([]);
  let runs = 0;
  /** The latest order for each item that has not been answered. */
  const lines = new Map<number, Promise<Done>>();
  const unanswered = unansweredOf(client);
  let left = false;
  /** What was refused of single items, for as long as it is said. */
  let refused: { all: readonly Refused[]; words: string } = { all: [], words: '' };
  const nameOf = (id: string): string => nameOfPerson(client, id);

  function tell(thrown: unknown, order: Order, item: Item): Refusal {
    if (client.state.name === 'closed') addUp(0, 1);
    const refusal = refusalOf(thrown, order, item, { me: client.principal?.sub ?? '', nameOf });
    const takers = takersOf(client);
    if (refusal.holder) takers.write(new Map([...takers.read(), [item.id, refusal.holder]]));
    return refusal;
  }

  function addUp(waits: number, drops = 0): void {
    const { waiting: more, dropped } = unanswered.read();
    unanswered.write({ waiting: more + waits, dropped: dropped + drops });
  }

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

  const show = (id: number) => (client.workItems.get(id) ? { words: 'Show', run: () => openItem(id) } : undefined);

  async function giveOne(order: Order, item: Item): Promise<void> {
    await overAll(orderWords(order, nameOf), [item], async () => {
      try {
        const done = await carryOut(order, item);
        const { before, after } = done;
        if (left) return;
        if (after.version === before.version) toast(`${nameOfItem(after)} stands like this already.`);
        else toast(doneWords(order, after, nameOf), { undo: undoOf([done]), about: [after.id] });
      } catch (thrown) {
        const refusal = { ...tell(thrown, order, item), item };
        if (!left) sayRefused(refusal);
      }
    });
  }

  /** One by its words; several, as after a while without a network, in one sum that is not in the way of itself. */
  function sayRefused(refusal: Refused): void {
    const { item } = refusal;
    const before = isSaid(refused.words) ? refused.all.filter((one) => one.item.id !== item.id) : [];
    const all = [...before, refusal];
    const words = before.length > 0 ? `${sumOf(all).join(', ')}.` : refusal.words;
    const action = before.length > 0 ? listOf(all) : show(item.id);
    toast(words, { kind: 'failed', action, about: all.map((one) => one.item.id) });
    refused = { all, words };
  }

  const listOf = (refusals: readonly Refused[]) => ({
    words: 'Show them',
    run: () => showDialog({ kind: 'refused', refusals }),
  });

  async function giveSeveral(order: Order, items: readonly Item[]): Promise<void> {
    const done: Done[] = [];
    const refusals: Refused[] = [];
    await overAll(orderWords(order, nameOf), items, async (item) => {
      try {
        done.push(await carryOut(order, item));
      } catch (thrown) {
        refusals.push({ ...tell(thrown, order, item), item });
      }
    });
    if (left) return;
    const said = [
      ...(done.length > 0 ? [`${formatCount(done.length)} ${doneWord(order, nameOf)}`] : []),
      ...sumOf(refusals),
    ];
    toast(`${said.join(', ')}.`, {
      kind: done.length === 0 ? 'failed' : 'done',
      undo: undoOf(done),
      about: items.map(({ id }) => id),
      action: refusals.length > 0 ? listOf(refusals) : undefined,
    });
  }

  /** A few at once; a single one makes no progress to look at. */
  async function overAll<T>(words: string, all: readonly T[], each: (one: T) => Promise<void>): Promise<void> {
    const total = all.length;
    addUp(total);
    const answered = (one: T): Promise<void> => each(one).finally(() => addUp(-1));
    if (total === 1) return answered(all[0] as T);
    const queue = all.values();
    const id = ++runs;
    progress.write([...progress.read(), { id, words, done: 0, total }]);
    const workers = Array.from({ length: Math.min(AT_ONCE, total) }, async () => {
      // One iterator for all of them: each takes the next that nobody has.
      for (const one of queue) {
        await answered(one);
        progress.write(progress.read().map((run) => (run.id === id ? { ...run, done: run.done + 1 } : run)));
      }
    });
    await Promise.all(workers);
    progress.write(progress.read().filter((run) => run.id !== id));
  }

  /** What takes these back, if something can. */
  function undoOf(all: readonly Done[]): (() => void) | undefined {
    const me = client.principal;
    if (!me) return undefined;
    const ways = all.flatMap(({ order, before, after }) => {
      const orders = wayBack(order, before, after, me);
      return orders ? [{ orders, after }] : [];
    });
    return ways.length > 0 ? () => void takeBack(ways) : undefined;
  }

  async function takeBack(ways: readonly { orders: readonly Order[]; after: Item }[]): Promise<void> {
    const back: Item[] = [];
    const refusals: Refused[] = [];
    await overAll('Undo', ways, async ({ orders: [first, ...others], after }) => {
      try {
        // Bound to what it led to: whatever somebody has done since stands.
        let item = (await carryOut(first as Order, after, after.version)).after;
        for (const order of others) item = (await carryOut(order, item, item.version)).after;
        back.push(item);
      } catch (thrown) {
        refusals.push({ ...tell(thrown, first as Order, after), item: after });
      }
    });
    if (left) return;
    const [item] = back;
    const [refusal] = refusals;
    const about = ways.map(({ after }) => after.id);
    if (ways.length > 1) {
      const said = [...(back.length > 0 ? [`${formatCount(back.length)} undone`] : []), ...sumOf(refusals)];
      const action = refusal && listOf(refusals);
      toast(`${said.join(', ')}.`, { kind: back.length === 0 ? 'failed' : 'done', action, about });
    } else if (item) {
      toast(`Undone. ${standing(item)}`, { about });
    } else if (refusal) {
      toast(`This cannot be undone. ${refusal.words}`, { kind: 'failed', action: show(refusal.item.id), about });
    }
  }

  function standing(item: Item): string {
    const { assigned_to, status, team } = item;
    const where =
      assigned_to === null
        ? placeWords(team)
        : assigned_to === client.principal?.sub
          ? 'with you'
          : `with ${nameOf(assigned_to)}`;
    return `${nameOfItem(item)} is ${statusWords(status).toLowerCase()}, ${where}.`;
  }

  return {
    waiting,
    progress,
    async give(order, items) {
      const [first] = items;
      if (!first) return;
      await (items.length === 1 ? giveOne(order, first) : giveSeveral(order, items));
    },
    leave() {
      left = true;
    },
  };
}

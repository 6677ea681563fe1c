// Carries out what people want done: through the client, which shows it before the hub has answered and takes it back when the hub
// refuses; with words for how it went, and the way back.
import type { Item, WorkItemClient } from '@workitem-hub/client';
import { perClient } from '../hub/per-client';
import { formatCount } from '../locale/format';
import { openItem } from '../queues/view-url';
import { clearAbout, isSaid, toast } from '../ui/toasts';
import { doneWord, doneWords, nameOfItem, type Order, orderWords, standWords, type Tellers } from './actions';
import { showDialog } from './dialog-state';
import { nameOfPerson } from './people';
import { type Refusal, refusalOf, sumOf } from './refusals';
import { createRuns, type Runs } from './runs';
import { createSending, type Done, type Sending } from './sending';
import { takersOf } from './takers';
import { unansweredOf } from './unanswered';
import { wayBack } from './undo';

export interface Work extends Pick<Sending, 'waiting'>, Pick<Runs, 'progress'> {
  /** Never rejects: how it went is said to whoever looks. */
  give(order: Order, items: readonly Item[]): Promise<void>;
  /** Somebody else may sit here now: nothing is said any more. */
  leave(): void;
}

type Refused = Refusal & { item: Item };

/** The work of one session. */
export const workOf = perClient(createWork);

function createWork(client: WorkItemClient): Work {
  const sending = createSending(client);
  const runs = createRuns();
  const unanswered = unansweredOf(client);
  let left = false;
  /** What was refused of single items, for as long as it is said. */
  let refused: { all: readonly Refused[]; words: string } = { all: [], words: '' };
  const nameOf = (id: string): string => nameOfPerson(client, id);
  const tellers = (): Tellers => ({ me: client.principal?.sub ?? '', nameOf });

  function tell(thrown: unknown, order: Order, item: Item): Refusal {
    if (client.state.name === 'closed') addUp(0, 1);
    const refusal = refusalOf(thrown, order, item, tellers());
    const takers = takersOf(client);
    if (refusal.holder) takers.write(new Map([...takers.read(), [item.id, refusal.holder]]));
    return refusal;
  }

  function addUp(waits: number, drops = 0): void {
    const { waiting: more, dropped } = unanswered.read();
    unanswered.write({ waiting: more + waits, dropped: dropped + drops });
  }

  function overAll<T>(words: string, all: readonly T[], each: (one: T) => Promise<void>): Promise<void> {
    addUp(all.length);
    return runs.overAll(words, all, (one) => each(one).finally(() => addUp(-1)));
  }

  const show = (id: number) => (client.workItems.get(id) ? { words: 'Show', run: () => openItem(id) } : undefined);

  async function giveOne(order: Order, item: Item): Promise<void> {
    await overAll(orderWords(order, nameOf), [item], async () => {
      try {
        const done = await sending.carryOut(order, item);
        const { before, after } = done;
        // What follows for the same item is in sight by now, and is said when it is done.
        if (left || sending.waiting.read().has(item.id)) return;
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
        done.push(await sending.carryOut(order, item));
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
        let item = (await sending.carryOut(first as Order, after, after.version)).after;
        for (const order of others) item = (await sending.carryOut(order, item, item.version)).after;
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
      toast(`Undone. ${nameOfItem(item)} is ${standWords(item, tellers())}.`, { about });
    } else if (refusal) {
      toast(`This cannot be undone. ${refusal.words}`, { kind: 'failed', action: show(refusal.item.id), about });
    }
  }

  return {
    waiting: sending.waiting,
    progress: runs.progress,
    async give(order, items) {
      const [first] = items;
      if (!first) return;
      // What was said of them before is not so any more, and may be taken back no more, from now on: the answer may take its time.
      clearAbout(items.map(({ id }) => id));
      await (items.length === 1 ? giveOne(order, first) : giveSeveral(order, items));
    },
    leave() {
      left = true;
    },
  };
}

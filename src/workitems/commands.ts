// What people do with items: claim, assign, set the status, confirm. Each change is one version, one history entry and
// one event, committed together by the log's appender.
import type { AssignBody, ClaimBody, Item, SetStatusBody } from '@workitem-hub/client/contract';
import type { Logger } from 'pino';
import { assertViewer, type Principal } from '../auth/principal.js';
import { HubError } from '../errors.js';
import type { Appender } from '../eventlog/appender.js';
import type { Mongo } from '../mongo/connection.js';
import { whenAvailable } from '../mongo/unavailable.js';
import { traced, traceparent } from '../ops/tracing.js';
import { type CurrentItem, changeOf, type Decision, itemAt } from './change.js';
import { type Directory, decideAssign, decideClaim, decideStart, decideStatus } from './decisions.js';
import { type CommandKey, createRepeats } from './repeats.js';
import { assertSight, conflict } from './sight.js';
import { assertReason } from './status.js';
import type { SubmissionDocument } from './submission.js';
import { type HistoryEntry, toItem, type WorkItemDocument, workItems } from './work-item.js';

/** Body of a confirmation, as the old service took it; without an e-mail the caller confirms for themselves. */
export interface ConfirmBody {
  underwriter_email?: string | null;
  command_id?: string;
}

/** Answer to a confirmation, as the old service gave it. */
export interface Confirmation {
  submission_id: number;
  submission_ref: string;
  work_item_id: number;
  assigned_to: string;
  task_status: 'in_progress';
}

/**
 * Bodies are taken as validated by the contract's schemas. Every command answers with the item as it left it, and
 * checks in this order, each with a HubError: form (`invalid`), sight (`not_found`, or `conflict` for somebody who could
 * see the item before), role (`forbidden`), people (`invalid`), version and step (`conflict` with `details {id,
 * version, status, assigned_to}`). `unavailable`: MongoDB did not answer; the command may have been carried out, and
 * with a `command_id` it can be repeated. A `command_id` that the same caller has used for the same kind of command
 * on the same item gets the first answer again, whatever has become of the item.
 */
export interface Commands {
  /** Underwriters: takes an item that nobody has, or starts one's own; 'mine already' is no change and no error. */
  claim(caller: Principal, id: number, body?: ClaimBody): Promise<Item>;
  /**
   * Supervisors: gives the item to a known underwriter, or to nobody (a release: an open item is pending again). `team`:
   * absent keeps it, `null` clears it. The assignee may release it, within its team.
   */
  assign(caller: Principal, id: number, body: AssignBody): Promise<Item>;
  /** The assignee and supervisors: one step of the status machine. */
  setStatus(caller: Principal, id: number, body: SetStatusBody): Promise<Item>;
  /** A claim, or (supervisors) an assignment to the underwriter with that e-mail who starts at once. */
  confirm(caller: Principal, ref: string, body?: ConfirmBody): Promise<Confirmation>;
}

/** A race is lost to somebody who won it, so each round somebody gets on; this only bounds a malfunction. */
const MAX_ROUNDS = 12;

const KEPT_REFUSALS: ReadonlySet<string> = new Set(['invalid', 'not_found', 'forbidden', 'conflict']);

const ITEM_FIELDS = {
  submission_ref: 1,
  subject: 1,
  from_email: 1,
  extracted_fields: 1,
  status: 1,
  assigned_to: 1,
  team: 1,
  version: 1,
  created_at: 1,
  updated_at: 1,
  rooms: 1,
  past_rooms: 1,
  'outbox.version': 1,
} as const;

/** History entries that a repeated command may have made. */
const ACTIONS_OF: Record<CommandKey['kind'], HistoryEntry['action'][]> = {
  claim: ['claimed'],
  assign: ['assigned', 'released'],
  set_status: ['status_set'],
  confirm: ['claimed', 'assigned'],
};

interface Order {
  kind: CommandKey['kind'];
  caller: Principal;
  /** Id of the item, or its `submission_ref`. */
  item: number | string;
  commandId: string | undefined;
  /** Looks at an item that the caller sees; `null` when there is nothing to change. @throws HubError */
  decide(item: CurrentItem): Decision | null | Promise<Decision | null>;
}

export interface CommandsOptions {
  mongo: Mongo;
  appender: Pick<Appender<SubmissionDocument, WorkItemDocument>, 'change' | 'help'>;
  people: Directory;
  logger: Logger;
}

export function createCommands(deps: CommandsOptions): Commands {
  const { appender, people, logger } = deps;
  const items = workItems.of(deps.mongo);
  const repeats = createRepeats(deps.mongo);

  /** The item with, if this command was carried out before, the history entry that it made. */
  function read({ kind, caller, item, commandId }: Order): Promise<CurrentItem | null> {
    const where = typeof item === 'number' ? { _id: item } : { submission_ref: item };
    const mine = { command_id: commandId, by: caller.sub, action: { $in: ACTIONS_OF[kind] } };
    // A history grows for ever: at most one entry of it is worth fetching.
    const projection = commandId ? { ...ITEM_FIELDS, history: { $elemMatch: mine } } : ITEM_FIELDS;
    return items.findOne<CurrentItem>(where, { projection });
  }

  /** An answer promises that the event is in the log, also when the process that owed it died. */
  async function finished(doc: CurrentItem, item: Item): Promise<Item> {
    if (doc.outbox) await appender.help(doc._id);
    return item;
  }

  /** `recorded`: the item's history tells of this command. */
  async function carryOut(order: Order, rooms: readonly string[]): Promise<{ item: Item; recorded: boolean }> {
    const { caller, commandId = null } = order;
    for (let round = 1; ; round++) {
      const doc = await read(order);
      const done = doc?.history?.[0];
      if (doc && done) return { item: await finished(doc, itemAt(doc, done)), recorded: true };
      assertSight(doc, rooms);
      const decision = await order.decide(doc);
      if (!decision) return { item: await finished(doc, toItem(doc)), recorded: false };
      if (round > MAX_ROUNDS) throw conflict(doc, `Item ${doc._id} is changing too fast; try again.`);
      // Not in the first round: an outbox is noted as done only a moment after its event, and mostly that has happened.
      if (round > 1 && doc.outbox) await appender.help(doc._id);
      const after = await traced('commit', { 'hub.submission': doc._id }, () => {
        const change = changeOf(doc, decision, caller, commandId, Date.now());
        const trace = traceparent();
        return appender.change(trace ? { ...change, outbox: { ...change.outbox, trace } } : change);
      });
      if (!after) continue;
      logger.info({ item: doc._id, version: after.version, action: decision.action, by: caller.sub }, 'item changed');
      return { item: toItem(after), recorded: true };
    }
  }

  async function answer(order: Order): Promise<Item> {
    const rooms = assertViewer(order.caller);
    const { kind, item, commandId } = order;
    if (commandId === undefined) return (await carryOut(order, rooms)).item;
    const key: CommandKey = { sub: order.caller.sub, item, kind, commandId };
    const first = await repeats.find(key);
    if (first) return first;
    try {
      const result = await carryOut(order, rooms);
      return result.recorded ? result.item : await repeats.keep(key, result.item);
    } catch (error) {
      if (error instanceof HubError && KEPT_REFUSALS.has(error.code)) return repeats.keep(key, error);
      throw error;
    }
  }

  const run = (order: Order): Promise<Item> => whenAvailable(() => answer(order));

  return {
    claim: (caller, id, { version, command_id: commandId } = {}) =>
      run({ kind: 'claim', caller, item: id, commandId, decide: (item) => decideClaim(item, caller, version) }),

    assign: (caller, id, body) =>
      run({
        kind: 'assign',
        caller,
        item: id,
        commandId: body.command_id,
        decide: (item) => decideAssign(item, caller, body, people),
      }),

    async setStatus(caller, id, body) {
      assertReason(body.status, body.reason);
      return run({
        kind: 'set_status',
        caller,
        item: id,
        commandId: body.command_id,
        decide: (item) => decideStatus(item, caller, body),
      });
    },

    async confirm(caller, ref, { underwriter_email: email, command_id: commandId } = {}) {
      const own = !email || email.toLowerCase() === caller.email?.toLowerCase();
      const item = await run({
        kind: 'confirm',
        caller,
        item: ref,
        commandId,
        decide: (current) => (own ? decideClaim(current, caller) : decideStart(current, caller, email, people)),
      });
      return {
        submission_id: item.submission_id,
        submission_ref: item.submission_ref,
        work_item_id: item.id,
        assigned_to: item.assigned_to as string,
        task_status: 'in_progress',
      };
    },
  };
}

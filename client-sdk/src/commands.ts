// What a person does to items: sent once, repeated under the same id when the answer is lost, shown before it comes.
import type { AssignBody, ClaimBody, Item, SetStatusBody, Status } from './contract.js';
import { asError, WorkItemError } from './errors.js';
import { whenReleased } from './steps.js';
import { createUuid } from './uuid.js';

export interface CommandOptions {
  /** Milliseconds until the promise is rejected with `timeout`; default: the client's `commandTimeoutMs`. */
  timeoutMs?: number;
  /**
   * Without a connection: `refuse` rejects with `offline` at once, `queue` waits for one until the time is over. Default: the
   * client's `whenOffline`.
   */
  whenOffline?: 'refuse' | 'queue';
  /** Identity of the command, a uuid: repeated, it gets the first answer. Default: a new one. */
  commandId?: string;
  /** Whether lists show the change before the hub has confirmed it. Default true. */
  optimistic?: boolean;
}

export interface Commands {
  /** Takes an open item for oneself. Resolves with the item as the hub has it. @throws WorkItemError `conflict` when somebody was faster */
  claim(id: number, options?: CommandOptions & { version?: number }): Promise<Item>;
  /** Gives an item to somebody (supervisors), or releases it (`null`). `version` defaults to the one on the screen. */
  assign(
    id: number,
    to: { assignedTo: string | null; team?: string | null },
    options?: CommandOptions & { version?: number },
  ): Promise<Item>;
  /** Takes a step of the status machine. `version` defaults to the one on the screen. */
  setStatus(
    id: number,
    to: { status: Status; reason?: string },
    options?: CommandOptions & { version?: number },
  ): Promise<Item>;
}

export interface CommandDeps {
  /** @throws WorkItemError */
  ask(name: string, body: object, timeoutMs: number): Promise<Record<string, unknown>>;
  /** Resolves when there is a connection; rejects when there will be none, or when `signal` says so. */
  whenOpen(signal: AbortSignal): Promise<void>;
  isOpen(): boolean;
  me(): string | null;
  get(id: number): Item | undefined;
  answer(item: Item): void;
  guess(id: number, change: Partial<Item>): () => void;
  timeoutMs: number;
  whenOffline: 'refuse' | 'queue';
}

/**
 * Of these the command was not applied, or may have been: the same id asks again, and gets the first answer. A token that ended while the
 * connection stood is replaced with the connection.
 */
const DOUBTFUL = new Set(['offline', 'unreachable', 'unavailable', 'rate_limited', 'token_expired']);
const AGAIN_MS = 500;

export function createCommands(deps: CommandDeps): Commands {
  async function run(name: string, body: object, options: CommandOptions): Promise<Item> {
    const { timeoutMs = deps.timeoutMs, whenOffline = deps.whenOffline, commandId = createUuid() } = options;
    if (!deps.isOpen() && whenOffline === 'refuse') {
      throw new WorkItemError('offline', 'There is no connection to the hub.');
    }
    const deadline = AbortSignal.timeout(timeoutMs);
    const end = Date.now() + timeoutMs;
    for (let sent = false; ; ) {
      try {
        await deps.whenOpen(deadline);
        sent = true;
        const { item } = await deps.ask(name, { ...body, command_id: commandId }, Math.max(end - Date.now(), 1));
        if (!isItem(item)) throw new WorkItemError('bad_message', 'The hub answered without an item.');
        deps.answer(item);
        return item;
      } catch (thrown) {
        const error = asError(thrown, 'timeout', 'The time is over.');
        // What the hub has said counts, however late it is.
        if (error.code !== 'timeout' && !DOUBTFUL.has(error.code)) throw error;
        const left = end - Date.now();
        if (error.code === 'timeout' || left <= 0) throw timedOut(error, commandId, sent);
        await pause(Math.min(error.retryAfterMs ?? AGAIN_MS, left));
      }
    }
  }

  async function shown(id: number, change: Partial<Item>, options: CommandOptions, work: () => Promise<Item>) {
    const takeBack = options.optimistic === false ? null : deps.guess(id, change);
    try {
      return await work();
    } finally {
      takeBack?.();
    }
  }

  function versionOf(id: number, given: number | undefined): number {
    const version = given ?? deps.get(id)?.version;
    if (version !== undefined) return version;
    throw new WorkItemError('not_found', `Item ${id} is not in the list: say which version you mean.`);
  }

  return {
    claim(id, { version, ...options } = {}) {
      const body: ClaimBody & { id: number } = { id, ...(version === undefined ? {} : { version }) };
      return shown(id, { assigned_to: deps.me(), status: 'in_progress' }, options, () => run('claim', body, options));
    },
    async assign(id, { assignedTo, team }, { version, ...options } = {}) {
      const status = deps.get(id)?.status;
      const body: AssignBody & { id: number } = {
        id,
        assigned_to: assignedTo,
        version: versionOf(id, version),
        ...(team === undefined ? {} : { team }),
      };
      const change = {
        assigned_to: assignedTo,
        ...(team === undefined ? {} : { team }),
        ...(assignedTo === null && status ? { status: whenReleased(status) } : {}),
      };
      return shown(id, change, options, () => run('assign', body, options));
    },
    async setStatus(id, { status, reason }, { version, ...options } = {}) {
      const body: SetStatusBody & { id: number } = {
        id,
        status,
        version: versionOf(id, version),
        ...(reason === undefined ? {} : { reason }),
      };
      return shown(id, { status }, options, () => run('set_status', body, options));
    },
  };
}

function timedOut(cause: WorkItemError, commandId: string, sent: boolean): WorkItemError {
  return new WorkItemError(
    'timeout',
    sent ? 'The hub did not answer in time; the command may have been applied.' : 'There was no connection in time.',
    { details: { commandId, sent }, cause },
  );
}

const isItem = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && typeof (value as Item).id === 'number' && 'version' in value;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

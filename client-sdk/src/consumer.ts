// Work that is done per event: the position moves only past events whose work is finished, and outlives the application.
import { type BackoffOptions, createBackoff } from './backoff.js';
import type { Position, ResyncReason } from './contract.js';
import { asError, type WorkItemError } from './errors.js';
import type { ItemEvent } from './incoming.js';

/** An event to work on. `key` is `<item>:<version>`: the same event may come again after a crash, and has the same key. */
export type ConsumedEvent = ItemEvent & { key: string };

export interface ConsumeOptions {
  /** Events that may wait for the handler; beyond that the connection is held until half are done. Default 1,000. */
  maxPending?: number;
  /**
   * Told, in its place among the events, that some could not be replayed one by one: they are older than what the hub keeps, or the
   * rights or the filter have changed. The consumer goes on behind it.
   */
  onMissed?: (report: MissedReport) => void | Promise<void>;
}

/** `reason` is absent where it was not the hub's: an event that could not be read, a position that was none. */
export interface MissedReport {
  reason: ResyncReason | undefined;
}

export interface Consumer {
  /** Everything up to here is finished. */
  readonly position: Position | null;
  /** Events that wait, the one being worked on included. */
  readonly pending: number;
  /** Takes no further event; resolves when the present one is finished and the position kept. */
  stop(): Promise<void>;
}

export interface ConsumerDeps {
  handler: (event: ConsumedEvent) => void | Promise<void>;
  options: ConsumeOptions;
  backoff: BackoffOptions;
  /** Keeps a position. May reject: it is tried again when there is something to keep the next time. */
  save(position: Position): Promise<void>;
  hold(reason: string): void;
  release(): void;
  onError(error: WorkItemError): void;
}

/** What the client tells its consumer. */
export interface ConsumerFeed extends Consumer {
  push(event: ItemEvent, position: Position): void;
  missed(report: MissedReport, position: Position): void;
  /** The stream moved on without an event. */
  passed(position: Position): void;
  /** The stream begins here. */
  begin(position: Position): void;
}

type Job = { position: Position; event?: ItemEvent; missed?: MissedReport };

export function createConsumer(deps: ConsumerDeps): ConsumerFeed {
  const { maxPending = 1_000, onMissed } = deps.options;
  const queue: Job[] = [];
  let position: Position | null = null;
  let running: Promise<void> | null = null;
  let saving: Promise<void> | null = null;
  let saved: Position | null = null;
  let stopped = false;
  let held = false;
  let wakeRetry: () => void = () => {};

  function enqueue(job: Job): void {
    if (stopped) return;
    queue.push(job);
    if (queue.length > maxPending && !held) {
      held = true;
      deps.hold(`${queue.length} events wait for the application.`);
    }
    running ??= run().finally(() => {
      running = null;
    });
  }

  async function run(): Promise<void> {
    for (let job = queue[0]; job && !stopped; job = queue[0]) {
      if (!(await finish(job))) return;
      queue.shift();
      position = job.position;
      void keep();
      if (held && queue.length <= maxPending / 2) {
        held = false;
        deps.release();
      }
    }
  }

  /** Works until it is done; a handler that throws is asked again. `false` when the consumer was stopped before. */
  async function finish({ event, missed }: Job): Promise<boolean> {
    const backoff = createBackoff(deps.backoff);
    for (;;) {
      try {
        if (missed) await onMissed?.(missed);
        if (event) await deps.handler({ ...event, key: keyOf(event) });
        return true;
      } catch (thrown) {
        deps.onError(asError(thrown, 'handler_failed', 'A handler failed; it will be asked again.'));
      }
      if (stopped) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, backoff.next());
        wakeRetry = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      if (stopped) return false;
    }
  }

  /** One write at a time; what has moved meanwhile is the next one. */
  function keep(): Promise<void> {
    saving ??= (async () => {
      while (position && position !== saved) {
        const next = position;
        try {
          await deps.save(next);
          saved = next;
        } catch (thrown) {
          const error = asError(thrown, 'storage_failed', 'The position could not be kept.');
          // A cursor on the hub waits for the next connection, as everything does.
          if (error.code !== 'offline') deps.onError(error);
          // A later one that came meanwhile is worth another try; this one is not, before something happens.
          if (position === next) return;
        }
      }
    })().finally(() => {
      saving = null;
    });
    return saving;
  }

  return {
    get position() {
      return position;
    },
    get pending() {
      return queue.length;
    },
    push: (event, at) => enqueue({ event, position: at }),
    missed: (report, at) => enqueue({ missed: report, position: at }),
    passed(at) {
      if (queue.length > 0 || stopped) return;
      position = at;
      void keep();
    },
    begin(at) {
      if (position !== null || queue.length > 0) return;
      position = at;
      void keep();
    },
    async stop() {
      stopped = true;
      wakeRetry();
      await running;
      await keep();
      if (held) deps.release();
    },
  };
}

function keyOf({ data }: ItemEvent): string {
  return `${data.id}:${data.version}`;
}

// What the processes tell each other: events that are in the log, so that none waits for its next look there. Nothing
// depends on it: what is lost, late, repeated or forged costs a poll and no more.
import { z } from 'zod';
import type { LogEvent } from '../eventlog/event.js';
import type { Logger } from '../ops/logger.js';
import type { Metrics } from '../ops/metrics.js';
import type { Relay } from './relay.js';
import type { Seal } from './seal.js';

/** Characters of events in one message; sealing 250,000 takes 4 ms, in which nothing else runs. */
const MAX_CHARS = 250_000;
/** Events so far ahead are read in the log, if they are there: the hole before them is not to be filled on anybody's word. */
const FAR = 20_000;
/** Messages that may be in the works at a time, each way; more are left to the poll. */
const MAX_UNDER_WAY = 64;

/** The way to the others: texts to all of them, never back to us. */
export interface Peers {
  isUp(): boolean;
  emit(text: string): void;
  onText(listener: (text: unknown) => void): void;
}

export interface Bus {
  /** Tells the others of events that are in the log. Never throws, never waits. */
  publish(events: readonly LogEvent[]): void;
}

const seq = z.int().positive();
const object = z.custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const eventSchema = z.object({
  seq,
  // Of a newer hub there may be others, as in the log.
  type: z.string(),
  item: z.int().nullable(),
  version: z.int().nullable(),
  data: object,
  rooms: z.array(z.string()),
  before: object.nullable(),
  at: z.iso.datetime(),
  trace: z.string().optional(),
});
/** Events, or the seq of the last of some that were too long to be sent. */
const messageSchema = z.object({
  v: z.literal(1),
  epoch: z.string(),
  events: z.array(eventSchema).optional(),
  upTo: seq.optional(),
});

export function createBus(deps: {
  relay: Pick<Relay, 'epoch' | 'position' | 'offer' | 'wake'>;
  seal: Seal;
  peers: Peers;
  metrics: Pick<Metrics, 'busMessages'>;
  logger: Logger;
}): Bus {
  const { relay, seal, peers, logger } = deps;
  let sending = 0;
  let reading = 0;
  const count = (direction: 'in' | 'out', outcome: string): void =>
    deps.metrics.busMessages.inc({ direction, outcome });

  async function send(text: string): Promise<void> {
    if (sending >= MAX_UNDER_WAY) return count('out', 'skipped');
    sending++;
    try {
      peers.emit(await seal.seal(text));
      count('out', 'sent');
    } catch (error) {
      logger.error({ err: error }, 'events could not be told to the other processes');
      count('out', 'failed');
    } finally {
      sending--;
    }
  }

  function publish(events: readonly LogEvent[]): void {
    const last = events.at(-1);
    if (!last) return;
    if (!peers.isUp()) return count('out', 'skipped');
    const { epoch } = relay;
    const text = JSON.stringify({ v: 1, epoch, events });
    if (text.length <= MAX_CHARS) return void send(text);
    if (events.length === 1) return void send(JSON.stringify({ v: 1, epoch, upTo: last.seq }));
    const half = events.length >> 1;
    publish(events.slice(0, half));
    publish(events.slice(half));
  }

  /** Resolves with what became of it. */
  async function read(text: unknown): Promise<string> {
    if (typeof text !== 'string') return 'foreign';
    const opened = await seal.unseal(text).catch(() => null);
    if (opened === null) return 'foreign';
    const { data: message } = messageSchema.safeParse(JSON.parse(opened));
    if (!message) return 'unknown';
    // Also before our relay has begun.
    if (message.epoch !== relay.epoch) return 'other_epoch';
    const { events = [], upTo = 0 } = message;
    const fresh = events.filter(({ seq: at }) => at > relay.position && at <= relay.position + FAR) as LogEvent[];
    if (fresh.length > 0) relay.offer(fresh);
    const newest = Math.max(upTo, events.at(-1)?.seq ?? 0);
    if (fresh.length === 0 && newest > relay.position) relay.wake();
    return fresh.length > 0 ? 'events' : newest > relay.position ? 'wake_up' : 'old';
  }

  peers.onText((text) => {
    if (reading >= MAX_UNDER_WAY) return count('in', 'skipped');
    reading++;
    void read(text)
      .catch(() => 'unknown')
      .then((outcome) => {
        reading--;
        count('in', outcome);
      });
  });

  return { publish };
}

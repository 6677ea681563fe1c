// Where a process gets its numbers from: seqs for the round at hand, and numbers of submissions, some of them ahead.
import type { mongo } from 'mongoose';
import type { LogDocument } from './event.js';
import { type Counters, raiseCounters, reserve } from './log-document.js';

/** Mails that come faster than this get their numbers ahead, milliseconds; at a calmer pace they are numbered without gaps. */
const BUSY_MS = 1_000;
/** Numbers that are kept ahead at most: what is not used is a gap. */
const AHEAD_MAX = 64;
/** A number that was not used for so long is dropped, milliseconds: the sweep trusts that none comes a minute late. */
const KEEP_MS = 10_000;

export interface Numbers {
  /** Reserves `count` seqs; returns the first. One whose answer was lost leaves a hole, which is filled. */
  seqs(count: number): Promise<number>;
  /** Reserves `count` numbers of submissions. They may have gaps. */
  submissions(count: number): Promise<number[]>;
  /** Lifts counters that a fail-over rolled back, so that one retry is enough. */
  raise(to: Partial<Counters>): Promise<void>;
}

/**
 * A mail needs both numbers at different times. So the reservation of a round's seqs brings the numbers of the next round's
 * mails along: one operation less for each. Seqs are never taken ahead: an unused one stops every reader.
 */
export function createNumbers(
  logs: mongo.Collection<LogDocument>,
  now: () => number = () => performance.now(),
): Numbers {
  let ahead: { number: number; at: number }[] = [];
  let askedAt = Number.NEGATIVE_INFINITY;
  /** As many as the rounds of late have asked for; falls slowly, for rounds differ in size. */
  let wanted = 0;

  function keep(count: number, last: number): void {
    const at = now();
    for (let number = last - count + 1; number <= last; number++) ahead.push({ number, at });
  }

  return {
    async seqs(count) {
      const more = Math.max(0, Math.min(Math.floor(wanted), AHEAD_MAX) - ahead.length);
      const log = await reserve(logs, more > 0 ? { counter: count, submissions: more } : { counter: count });
      keep(more, log.submissions);
      return log.counter - count + 1;
    },

    async submissions(count) {
      const at = now();
      wanted = at - askedAt < BUSY_MS ? Math.max(count, wanted * 0.9) : 0;
      askedAt = at;
      ahead = ahead.filter((one) => at - one.at < KEEP_MS);
      const taken = ahead.splice(0, count).map(({ number }) => number);
      const missing = count - taken.length;
      if (missing === 0) return taken;
      const { submissions } = await reserve(logs, { submissions: missing });
      return [...taken, ...Array.from({ length: missing }, (_, index) => submissions - missing + 1 + index)];
    },

    async raise(to) {
      // They may be numbers that others have been given again.
      if (to.submissions !== undefined) ahead = [];
      await raiseCounters(logs, to);
    },
  };
}

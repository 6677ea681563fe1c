// What a stream missed: pages of it, from the ring or the log, until nothing is left and it joins the live events.
import { setImmediate as nextTick, setTimeout as delay } from 'node:timers/promises';
import type { ResyncReason } from '@workitem-hub/client/contract';
import type { LogEvent } from '../eventlog/event.js';
import type { Logger } from '../ops/logger.js';
import type { Relay } from '../relay/relay.js';
import { type Page, pageFromLog, pageFromRing, takePiece } from './resume.js';
import type { Audience } from './view.js';

const DRAIN_POLL_MS = 10;
const RETRY_MS = 250;

/** The stream that is caught up, as its replay sees it. */
export interface Replaying {
  /** `false` as soon as it has ended. */
  readonly replaying: boolean;
  readonly audience: Audience;
  /** Everything up to here has been sent. */
  cursor: number;
  /** Whether it may be written to; ends it when not. */
  mayWrite(): boolean;
  /** @param bytes of their data, which count against the user's budget */
  sendReplayed(events: readonly LogEvent[], bytes: number): void;
  /** Whether its connection takes more; ends it when that fell too far behind. */
  mayContinue(): boolean;
  resync(reason: ResyncReason): void;
  goLive(): void;
}

export interface ReplayDeps {
  relay: Relay;
  /** Told where a page of events that were missed was read. */
  onReplay: (source: 'ring' | 'log') => void;
  logger: Logger;
}

/** Pages through (cursor, relay's position]; joins the live stream in the tick in which nothing is left. */
export async function replay(stream: Replaying, deps: ReplayDeps): Promise<void> {
  const { relay } = deps;
  let page: Page | null = null;
  while (stream.replaying) {
    if (relay.trouble() !== null) {
      await delay(RETRY_MS);
      continue;
    }
    if (stream.cursor < relay.floor) return stream.resync('below_floor');
    page ??= readRing(stream, deps) ?? (await readLog(stream, deps));
    if (!stream.replaying || !stream.mayWrite()) return;
    if (!page) continue;
    const { shown, bytes, upTo, rest } = takePiece(page, stream.audience);
    if (shown.length > 0) stream.sendReplayed(shown, bytes);
    stream.cursor = upTo;
    page = rest;
    if (!stream.replaying) return;
    if (stream.cursor === relay.position) return stream.goLive();
    await nextTick();
    while (stream.replaying && !stream.mayContinue()) await delay(DRAIN_POLL_MS);
  }
}

function readRing({ cursor }: Replaying, { relay, onReplay }: ReplayDeps): Page | null {
  const page = pageFromRing(relay, cursor);
  if (page && cursor < relay.position) onReplay('ring');
  return page;
}

/** `null` when it has to be read again: MongoDB is away, or the rights changed under it. */
async function readLog(stream: Replaying, { relay, onReplay, logger }: ReplayDeps): Promise<Page | null> {
  const { rooms } = stream.audience;
  const { epoch } = relay;
  try {
    onReplay('log');
    const page = await pageFromLog(relay, stream.cursor, rooms);
    // Retention may have deleted under the read, a refresh changed the rooms: what was read is then not whole.
    return stream.cursor < relay.floor || stream.audience.rooms !== rooms || relay.epoch !== epoch ? null : page;
  } catch (error) {
    logger.debug({ err: error }, 'a replay cannot read the log; trying on');
    await delay(RETRY_MS);
    return null;
  }
}

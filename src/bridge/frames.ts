// The frames of `?v=2`: every event of the contract, with its place in the log.
import type { EventMeta } from '@workitem-hub/client/contract';
import { dataJson } from '../eventlog/event.js';
import { createEventFrames } from '../sockets/event-frames.js';

/** `{"event","data","seq","epoch","at"}`. */
export function frameText(event: string, data: object, { seq, epoch, at }: EventMeta): string {
  return JSON.stringify({ event, data, seq, epoch, at });
}

export const eventFrames = createEventFrames(
  // As `frameText` would make it, from the JSON that all formats share.
  (event, epoch) =>
    `{"event":"${event.type}","data":${dataJson(event)},"seq":${event.seq},"epoch":"${epoch}","at":"${event.at}"}`,
);

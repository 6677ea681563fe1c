// One raw WebSocket as delivery sees it, in the format of the old service or in the present one.
import type { WebSocket } from 'ws';
import type { Transport } from '../delivery/transport.js';
import { closeCodeOf, closeTextOf } from '../sockets/close-reason.js';
import { gatherWrites, writeFramesRaw } from '../sockets/encoded-write.js';
import { eventFrames, frameText } from './frames.js';
import { legacyFormOf } from './legacy-frames.js';

/** Told how many events were written. */
type OnSent = (events: number) => void;

/** Serves `?v=2`: item events and control events alike. */
export function createBridgeTransport(socket: WebSocket, onSent: OnSent): Transport {
  return {
    ...connection(socket),
    sendEvents(events, epoch) {
      if (socket.readyState !== socket.OPEN) return;
      onSent(events.length);
      if (writeFramesRaw(socket, eventFrames.burst(events, epoch))) return;
      for (const event of events) socket.send(eventFrames.text(event, epoch));
    },
    sendControl(name, data, meta) {
      if (socket.readyState === socket.OPEN) socket.send(frameText(name, data, meta));
    },
  };
}

/**
 * Serves a page of the old service, which knows `new_workitem` and `status_update` only.
 * @param rooms of the viewer, which decide between the two.
 */
export function createLegacyTransport(socket: WebSocket, rooms: readonly string[], onSent: OnSent): Transport {
  const own = new Set(rooms);
  return {
    ...connection(socket),
    sendEvents(events, epoch) {
      if (socket.readyState !== socket.OPEN) return;
      const forms = events.flatMap((event) => {
        const form = legacyFormOf(event, own);
        return form ? [{ event, form }] : [];
      });
      onSent(forms.length);
      const [only, ...more] = forms.map(({ event, form }) => form.frame(event, epoch));
      if (!only) return;
      // Most batches are one event, whose frame all sockets share.
      if (writeFramesRaw(socket, more.length === 0 ? only : Buffer.concat([only, ...more]))) return;
      for (const { event, form } of forms) socket.send(form.text(event, epoch));
    },
    sendControl() {
      // Old pages know no control events.
    },
  };
}

function connection(socket: WebSocket): Pick<Transport, 'kind' | 'gather' | 'queuedBytes' | 'cut'> {
  return {
    kind: 'bridge',
    gather: () => gatherWrites(socket),
    queuedBytes: () => socket.bufferedAmount,
    cut: (reason) => socket.close(closeCodeOf(reason), closeTextOf(reason)),
  };
}

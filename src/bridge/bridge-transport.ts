// One raw WebSocket as delivery sees it, in the format of the old service or in the present one.
import type { ControlEventData, ControlEventName, EventMeta } from '@workitem-hub/client/contract';
import type { WebSocket } from 'ws';
import type { CutReason, Transport } from '../delivery/transport.js';
import type { LogEvent } from '../eventlog/event.js';
import { closeCodeOf, closeTextOf } from '../sockets/close-reason.js';
import { gatherWrites, writeFramesRaw } from '../sockets/encoded-write.js';
import { eventFrames, frameText } from './frames.js';
import { legacyFormOf } from './legacy-frames.js';

/** Told how many events were written. */
type OnSent = (events: number) => void;

abstract class WebSocketTransport implements Transport {
  constructor(
    protected readonly socket: WebSocket,
    protected readonly onSent: OnSent,
  ) {}

  get kind(): 'bridge' {
    return 'bridge';
  }

  abstract sendEvents(events: readonly LogEvent[], epoch: string): void;

  abstract sendControl<N extends ControlEventName>(name: N, data: ControlEventData[N], meta: EventMeta): void;

  gather(): void {
    gatherWrites(this.socket);
  }

  queuedBytes(): number {
    return this.socket.bufferedAmount;
  }

  cut(reason: CutReason): void {
    this.socket.close(closeCodeOf(reason), closeTextOf(reason));
  }

  protected get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }
}

/** Serves `?v=2`: item events and control events alike. */
export class BridgeTransport extends WebSocketTransport {
  sendEvents(events: readonly LogEvent[], epoch: string): void {
    if (!this.isOpen) return;
    this.onSent(events.length);
    if (writeFramesRaw(this.socket, eventFrames.burst(events, epoch))) return;
    for (const event of events) this.socket.send(eventFrames.text(event, epoch));
  }

  sendControl<N extends ControlEventName>(name: N, data: ControlEventData[N], meta: EventMeta): void {
    if (this.isOpen) this.socket.send(frameText(name, data, meta));
  }
}

/** Serves a page of the old service, which knows `new_workitem` and `status_update` only. */
export class LegacyTransport extends WebSocketTransport {
  /** @param rooms of the viewer, which decide between the two */
  constructor(
    socket: WebSocket,
    onSent: OnSent,
    private readonly rooms: readonly string[],
  ) {
    super(socket, onSent);
  }

  sendEvents(events: readonly LogEvent[], epoch: string): void {
    if (!this.isOpen) return;
    const forms = events.flatMap((event) => {
      const form = legacyFormOf(event, this.rooms);
      return form ? [{ event, form }] : [];
    });
    this.onSent(forms.length);
    const [only, ...more] = forms.map(({ event, form }) => form.frame(event, epoch));
    if (!only) return;
    // Most batches are one event, whose frame all sockets share.
    if (writeFramesRaw(this.socket, more.length === 0 ? only : Buffer.concat([only, ...more]))) return;
    for (const { event, form } of forms) this.socket.send(form.text(event, epoch));
  }

  /** Old pages know no control events. */
  sendControl(): void {}
}

// A refusal as Socket.IO carries it: in the answer to a connect, or in an acknowledgement.
import type { WireError } from '@workitem-hub/client/contract';
import { HubError } from '../errors.js';
import { isMongoUnavailable } from '../mongo/unavailable.js';

/** Data of a `connect_error`. */
export interface ConnectErrorData extends WireError {
  retry_after_ms?: number;
}

/** What a connect middleware hands on: `message` is the code, which the client sees as `err.message`; `data` as `err.data`. */
export class ConnectRefusal extends Error {
  readonly data: ConnectErrorData;

  constructor(refusal: HubError) {
    super(refusal.code, { cause: refusal });
    const { retryAfterMs } = refusal;
    this.data = { ...refusal.toWire(), ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }) };
  }
}

/** The error of an acknowledgement; a wait that was asked for stands in its `details` as `retry_after_ms`. */
export function ackError(refusal: HubError): WireError {
  const wire = refusal.toWire();
  if (refusal.retryAfterMs === undefined) return wire;
  return { ...wire, details: { ...(wire.details as object | undefined), retry_after_ms: refusal.retryAfterMs } };
}

/** Whatever was thrown, as a refusal. What is not one is a defect, and told to `onDefect`. */
export function toRefusal(error: unknown, onDefect: (error: unknown) => void): HubError {
  if (error instanceof HubError) return error;
  if (isMongoUnavailable(error)) {
    return new HubError('unavailable', 'The database is away; try again.', { cause: error, retryAfterMs: 2000 });
  }
  onDefect(error);
  return new HubError('unavailable', 'The hub failed on this request.', { cause: error });
}

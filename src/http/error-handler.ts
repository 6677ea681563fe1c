// The last stop of every failed request: one error format, documented codes, nothing of the inside shown.
import type { ErrorCode, WireError } from '@workitem-hub/client/contract';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { HTTP_STATUS, HubError } from '../errors.js';
import { isMongoUnavailable } from '../mongo/unavailable.js';

/** Milliseconds that callers are asked to wait when the refusal itself does not say. */
const RETRY_AFTER_MS: Partial<Record<ErrorCode, number>> = { unavailable: 2000, rate_limited: 10_000 };

/** Answers for a path that no route has. */
export const notFound: RequestHandler = () => {
  throw new HubError('not_found', 'There is nothing at this address.');
};

/** Answers for the other methods of a known path. */
export function allowOnly(...methods: string[]): RequestHandler {
  return (_req, res) => {
    res.set('Allow', methods.join(', '));
    sendError(res, 405, { code: 'invalid', message: `Use ${methods.join(' or ')} here.` });
  };
}

export function sendError(res: Response, status: number, error: WireError): void {
  res.status(status).set('Cache-Control', 'no-store').json({ error });
}

/** Turns whatever a handler threw into its answer; only defects are logged as errors. */
export const handleError: ErrorRequestHandler = (error: unknown, req, res, _next) => {
  if (req.socket.destroyed) return;
  if (res.headersSent) {
    // Half an answer cannot be taken back; a broken connection at least does not look complete.
    req.socket.destroy();
    return;
  }
  const refusal = asRefusal(error);
  if (!refusal) {
    req.log.error({ err: error }, 'Request failed on a defect');
    sendError(res, 500, { code: 'unavailable', message: 'The hub failed on this request.' });
    return;
  }
  const retryAfterMs = refusal.retryAfterMs ?? RETRY_AFTER_MS[refusal.code];
  if (retryAfterMs !== undefined) res.set('Retry-After', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  if (HTTP_STATUS[refusal.code] === 401) res.set('WWW-Authenticate', 'Bearer');
  sendError(res, HTTP_STATUS[refusal.code], refusal.toWire());
};

/** `null` for a defect. */
function asRefusal(error: unknown): HubError | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof HubError) return error;
  if (isMongoUnavailable(error)) return new HubError('unavailable', 'The database is away; repeat the request.');
  // Express' own, such as broken percent-encoding in a path.
  const { status } = error as { status?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new HubError('invalid', 'The address is not well formed.');
  }
  return null;
}

// The one error that the hub shows to callers; transports turn it into a status, an acknowledgement or a close code.
import { CLOSE, type ErrorCode, type WireError } from '@workitem-hub/client/contract';

export interface HubErrorOptions {
  details?: unknown;
  /** Milliseconds after which a repeat makes sense; becomes `Retry-After` on HTTP. */
  retryAfterMs?: number;
  cause?: unknown;
}

/** A refusal with a documented code. Anything else that is thrown is a defect of the hub and shown as such in the log. */
export class HubError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: HubErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'HubError';
    this.code = code;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** What the caller is told: never the cause. */
  toWire(): WireError {
    return {
      code: this.code,
      message: this.message,
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}

/** HTTP status of each code. */
export const HTTP_STATUS: Record<ErrorCode, number> = {
  invalid: 400,
  unauthenticated: 401,
  token_expired: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  resync: 410,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
};

/** WebSocket close code of each code. */
export const CLOSE_CODE: Record<ErrorCode, number> = {
  invalid: CLOSE.invalid,
  unauthenticated: CLOSE.unauthenticated,
  token_expired: CLOSE.unauthenticated,
  forbidden: CLOSE.forbidden,
  not_found: CLOSE.invalid,
  conflict: CLOSE.invalid,
  resync: CLOSE.invalid,
  too_large: CLOSE.tooBig,
  rate_limited: CLOSE.rateLimited,
  unavailable: CLOSE.tryLater,
};

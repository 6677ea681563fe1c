// The way in: a Logic App posts what it knows of one mail or several, and is told when they are safe.
import type { WireError } from '@workitem-hub/client/contract';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { type Authenticator, bearerOf } from '../auth/authenticate.js';
import type { Config } from '../config.js';
import { HTTP_STATUS, HubError } from '../errors.js';
import type { Envelope } from '../intake/envelope.js';
import type { Mail } from '../intake/mail.js';
import type { Receipt, ReceiveEmail } from '../intake/receive-email.js';
import type { Addresses } from '../ops/address.js';
import type { Limits } from '../ops/limits.js';
import { tracedRequest } from '../ops/tracing.js';
import { createByteBudget, readBody } from './body.js';
import type { EnvelopeReader } from './envelope-reader.js';
import { allowOnly } from './error-handler.js';
import { check } from '../check.js';
import { idempotencyKeySchema } from './requests.js';

export interface IntakeDeps {
  config: Config;
  addresses: Addresses;
  authenticator: Authenticator;
  limits: Limits;
  receiveEmail: ReceiveEmail;
  envelopes: EnvelopeReader;
}

const MIB = 1024 * 1024;
/** Mails of full size that may be under way at once. */
const LARGE_MAILS_AT_ONCE = 8;

export function intakeRoutes(deps: IntakeDeps): Router {
  const { config, addresses, limits, receiveEmail, envelopes } = deps;
  const limit = config.INTAKE_MAX_MB > 0 ? Math.floor(config.INTAKE_MAX_MB * MIB) : Number.POSITIVE_INFINITY;
  const budget = createByteBudget(LARGE_MAILS_AT_ONCE * limit);
  const body = readBody({
    limit,
    budget,
    parse: (bytes) => envelopes.read({ bytes, limits: { maxAttachments: config.INTAKE_MAX_ATTACHMENTS } }),
  });

  const admit: RequestHandler = async (req, res, next) => {
    const { caller } = await deps.authenticator.intake({
      apiKey: req.get('x-api-key'),
      bearer: bearerOf(req.headers.authorization),
      address: addresses.clientAddress(req),
    });
    await limits.consume('intake', caller);
    res.locals.caller = caller;
    next();
  };

  async function receive(req: Request, res: Response): Promise<void> {
    const header = check(idempotencyKeySchema, req.get('idempotency-key'), 'Idempotency-Key') ?? null;
    const caller = res.locals.caller as string;
    const { single, messages } = req.body as Envelope<Mail>;
    const results: (Receipt | HubError)[] = [];
    // One after the other: so work items stand in the order of the mails, and one request takes one place in the line.
    for (const [index, message] of messages.entries()) {
      results.push(
        message instanceof HubError ? message : await receiveEmail(message, { caller, header, index }).catch(asRefusal),
      );
    }
    const refusals = results.filter((result) => result instanceof HubError);
    const [refusal] = refusals;
    if (single) {
      if (refusal) throw refusal;
      res.json(results[0]);
    } else if (refusal && refusals.length === results.length) {
      // Nothing stored: the first refusal is also that of the request, for senders that look at the status alone.
      res.status(HTTP_STATUS[refusal.code]).json({ error: refusal.toWire(), results: results.map(toWire) });
    } else res.json({ results: results.map(toWire) });
  }

  const receiveTraced: RequestHandler = (req, res) => tracedRequest('intake', req.headers, () => receive(req, res));
  const router = Router();
  router.route('/api/email/intake').post(admit, body, receiveTraced).all(allowOnly('POST'));
  return router;
}

/** What will not be better next time belongs to the one message; everything else ends the request, to be repeated whole. */
function asRefusal(error: unknown): HubError {
  if (error instanceof HubError && error.code !== 'unavailable') return error;
  throw error;
}

function toWire(result: Receipt | HubError): Receipt | { error: WireError } {
  return result instanceof HubError ? { error: result.toWire() } : result;
}

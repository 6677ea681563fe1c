// The namespace `/workitems`: lets underwriters and supervisors in, gives each connection its stream, answers its events.
import { type ClientEvents, CONTRACT, OLDEST_CONTRACT, type ServerEvents } from '@workitem-hub/client/contract';
import { handshakeSchema } from '@workitem-hub/client/request-schemas';
import type { DefaultEventsMap, Namespace, Socket } from 'socket.io';
import { assertViewer, type Session } from '../auth/principal.js';
import type { Delivery } from '../delivery/delivery.js';
import type { OpenOptions } from '../delivery/subscription.js';
import { HubError } from '../errors.js';
import type { Logger } from '../ops/logger.js';
import type { Metrics } from '../ops/metrics.js';
import { answerEvents } from './answering.js';
import { tokenOf } from './token-of.js';
import { type EngineConnection, gatherWrites, webSocketOf } from './encoded-write.js';
import { type ClientEventDeps, clientEvents } from './client-events.js';
import { check } from '../check.js';
import { ConnectRefusal, toRefusal } from './refusal.js';
import { createSeats } from './seats.js';
import { createSocketIoTransport } from './socketio-transport.js';

/** What admission found out about a socket. */
interface Admission {
  session: Session;
  options: OpenOptions;
}

type WorkitemsNamespace = Namespace<ClientEvents, ServerEvents, DefaultEventsMap, Partial<Admission>>;
type AdmittedSocket = Socket<ClientEvents, ServerEvents, DefaultEventsMap, Partial<Admission>>;

export interface WorkitemsDeps extends Pick<ClientEventDeps, 'commands' | 'assertHolds' | 'limitCommands'> {
  delivery: Delivery;
  /** Verifies a token, and notes that its owner is here. Rejects with HubError. */
  authenticate(token: string | undefined, socket: Socket): Promise<Session>;
  /** Told how many events a connection was sent. */
  onSent(conn: EngineConnection, events: number): void;
  metrics: Pick<Metrics, 'connections' | 'eventsSent'>;
  logger: Logger;
}

/**
 * Serves `/workitems`. A refused handshake is a `connect_error` whose `message` is the code and whose `data` is `{code,
 * message, details?, retry_after_ms?}`; `ready` is the first event of a socket that was let in.
 */
export function serveWorkitems(namespace: WorkitemsNamespace, deps: WorkitemsDeps): void {
  const { delivery, metrics, logger } = deps;
  const logDefect = (err: unknown): void => logger.error({ err }, 'A socket met a defect');
  const seats = createSeats();

  async function admit(socket: AdmittedSocket): Promise<Admission> {
    const session = await deps.authenticate(tokenOf(socket.handshake), socket);
    const { position, filter, client_id, contract } = check(handshakeSchema, socket.handshake.auth);
    assertSpoken(contract ?? 1);
    assertViewer(session.principal);
    const options = { position, filter, clientId: client_id };
    await delivery.admit({ session }, options);
    return { session, options };
  }

  namespace.use((socket, next) => {
    seats
      .take(socket.conn, () => admit(socket))
      .then((admission) => {
        Object.assign(socket.data, admission);
        // The answer, `ready` and the beginning of what was missed.
        gatherWrites(webSocketOf(socket.conn));
        next();
      })
      .catch((error: unknown) => next(new ConnectRefusal(toRefusal(error, logDefect))));
  });

  namespace.on('connection', (socket) => {
    const { session, options } = socket.data as Admission;
    const transport = createSocketIoTransport(socket, (count) => {
      metrics.eventsSent.socketio += count;
      deps.onSent(socket.conn, count);
    });
    const subscription = delivery.open(transport, { session }, options);
    // Expired or revoked since it was admitted: the connection is cut already.
    if (!socket.connected) return;
    metrics.connections.inc({ kind: transport.kind });
    logger.info(`WebSocket connected. Total connections: ${delivery.connections()}`);
    socket.once('disconnect', () => {
      seats.leave(socket.conn);
      subscription.close();
      metrics.connections.dec({ kind: transport.kind });
      logger.info(`WebSocket disconnected. Total connections: ${delivery.connections()}`);
    });
    const answers = clientEvents(subscription, {
      commands: deps.commands,
      assertHolds: deps.assertHolds,
      limitCommands: deps.limitCommands,
      authenticate: (token) => deps.authenticate(token, socket),
    });
    answerEvents(socket, answers, logDefect);
  });
}

/** Newer clients are let in: `ready` tells them what is spoken here, and they decide. */
function assertSpoken(contract: number): void {
  if (contract >= OLDEST_CONTRACT) return;
  throw new HubError('invalid', 'This client is too old for the hub.', {
    details: { contract: CONTRACT, oldest: OLDEST_CONTRACT },
  });
}

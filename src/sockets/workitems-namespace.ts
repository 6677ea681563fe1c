// The namespace `/workitems`: lets underwriters and supervisors in, gives each connection its stream, answers its events.
import { type ClientEvents, CONTRACT, OLDEST_CONTRACT, type ServerEvents } from '@workitem-hub/client/contract';
import { handshakeSchema } from '@workitem-hub/client/request-schemas';
import type { DefaultEventsMap, Namespace, Socket } from 'socket.io';
import { assertViewer, type Session } from '../auth/principal.js';
import type { Delivery } from '../delivery/delivery.js';
import type { OpenOptions, Subscription } from '../delivery/subscription.js';
import { HubError } from '../errors.js';
import type { Logger } from '../ops/logger.js';
import type { Metrics } from '../ops/metrics.js';
import { answerEvents } from './answering.js';
import { type ClientEventDeps, clientEvents } from './client-events.js';
import { type EngineConnection, gatherWrites, webSocketOf } from './encoded-write.js';
import { trimHandshake } from './kept-request.js';
import { check } from '../check.js';
import { ConnectRefusal, toRefusal } from './refusal.js';
import { createSeats } from './seats.js';
import { SocketIoTransport } from './socketio-transport.js';
import { tokenOf } from './token-of.js';

/** What admission found out about a socket. */
interface Admission {
  session: Session;
  options: OpenOptions;
}

/** What is known of a socket: first the one, then the other. */
interface SocketData {
  admission?: Admission;
  subscription?: Subscription;
}

type WorkitemsNamespace = Namespace<ClientEvents, ServerEvents, DefaultEventsMap, SocketData>;
type JoiningSocket = Socket<ClientEvents, ServerEvents, DefaultEventsMap, SocketData>;
type ServedSocket = Socket<ClientEvents, ServerEvents, DefaultEventsMap, Required<Pick<SocketData, 'subscription'>>>;

export interface WorkitemsDeps extends Omit<ClientEventDeps<ServedSocket>, 'authenticate'> {
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

  async function admit(socket: JoiningSocket): Promise<Admission> {
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
        socket.data.admission = admission;
        // The answer, `ready` and the beginning of what was missed.
        gatherWrites(webSocketOf(socket.conn));
        next();
      })
      .catch((error: unknown) => next(new ConnectRefusal(toRefusal(error, logDefect))));
  });

  function onSent(conn: EngineConnection, events: number): void {
    metrics.eventsSent.socketio += events;
    deps.onSent(conn, events);
  }

  /** One function for all sockets, as everything else that each of them would have to hold. */
  function onDisconnect(this: ServedSocket): void {
    seats.leave(this.conn);
    this.data.subscription.close();
    metrics.connections.dec({ kind: 'socketio' });
    logger.info(`WebSocket disconnected. Total connections: ${delivery.connections()}`);
  }

  // Socket.IO would put each socket into a room of its own. Delivery decides who gets what, nothing is sent to rooms.
  namespace.adapter.addAll = () => {};
  const answers = clientEvents(deps);

  namespace.on('connection', (joined) => {
    const { session, options } = joined.data.admission as Admission;
    const subscription = delivery.open(new SocketIoTransport(joined, onSent), { session }, options);
    // Expired or revoked since it was admitted: the connection is cut already.
    if (!joined.connected) return;
    joined.data = { subscription };
    const socket = joined as ServedSocket;
    trimHandshake(socket);
    metrics.connections.inc({ kind: 'socketio' });
    logger.info(`WebSocket connected. Total connections: ${delivery.connections()}`);
    socket.on('disconnect', onDisconnect);
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

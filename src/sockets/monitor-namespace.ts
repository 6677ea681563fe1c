// The namespace `/monitor`: what supervisors and admins may know of the hub itself, every two seconds.
import type { Ack } from '@workitem-hub/client/contract';
import type { DefaultEventsMap, Namespace, Socket } from 'socket.io';
import { z } from 'zod';
import { isSupervisor } from '@workitem-hub/client/steps';
import { hasRole, type Session } from '../auth/principal.js';
import { HubError } from '../errors.js';
import type { Logger } from '../ops/logger.js';
import type { NodeReport } from '../ops/nodes.js';
import { answerEvents } from './answering.js';
import { check } from '../check.js';
import { trimHandshake } from './kept-request.js';
import { ConnectRefusal, toRefusal } from './refusal.js';
import { createSeats } from './seats.js';
import { tokenOf } from './token-of.js';

/** Data of `stats`. */
export interface MonitorStats {
  /** Both kinds of socket; `total` counts all processes and may be 10 s old. */
  connections: { process: number; total: number };
  /** Where this process's relay stands, and how many events it is behind the log. */
  relay: { epoch: string; position: number; lag: number };
  /** Per second, over the last moments. */
  rates: Record<string, number>;
  /** Every process that runs, this one among them; the numbers of the others may be 10 s old. */
  processes: NodeReport[];
}

export interface MonitorClientEvents {
  /** Closes every socket of one user, in all processes; they may come back. Admins only. */
  drain_user: (body: { sub: string }, reply: (answer: Ack) => void) => void;
}
export interface MonitorServerEvents {
  stats: (stats: MonitorStats) => void;
}

interface MonitorData {
  session?: Session;
}
type MonitorNamespace = Namespace<MonitorClientEvents, MonitorServerEvents, DefaultEventsMap, MonitorData>;
type MonitorSocket = Socket<MonitorClientEvents, MonitorServerEvents, DefaultEventsMap, MonitorData>;

export interface MonitorDeps {
  authenticate(token: string | undefined, socket: Socket): Promise<Session>;
  /** Takes the measurements. */
  monitor(): Promise<MonitorStats>;
  /** Has the sockets of a user closed everywhere. Rejects with HubError. */
  drainUser(sub: string, by: string): Promise<void>;
  /** Tells whether a session has been revoked since. */
  isRevoked(session: Session): boolean;
  logger: Logger;
}

const REPORT_MS = 2000;
/** A revocation must reach sockets within a second. */
const CHECK_MS = 500;
const drainUserSchema = z.strictObject({ sub: z.string().min(1).max(256) });

/**
 * Serves `/monitor`: `stats` at connect and every 2 s, cut when its token ends or is revoked; `drain_user {sub}`.
 * @returns what ends the measurements
 */
export function serveMonitor(namespace: MonitorNamespace, deps: MonitorDeps): () => void {
  const { logger } = deps;
  const seats = createSeats();
  const logDefect = (err: unknown): void => logger.error({ err }, 'A monitor met a defect');

  async function admit(socket: Socket): Promise<Session> {
    const session = await deps.authenticate(tokenOf(socket.handshake), socket);
    if (isSupervisor(session.principal)) return session;
    throw new HubError('forbidden', 'This needs the role supervisor or admin.');
  }

  namespace.use((socket, next) => {
    seats
      .take(socket.conn, () => admit(socket))
      .then((session) => {
        socket.data.session = session;
        next();
      })
      .catch((error: unknown) => next(new ConnectRefusal(toRefusal(error, logDefect))));
  });

  /** Sends the same numbers to each socket whose token still holds; a timer may be late. */
  async function report(sockets: Iterable<MonitorSocket>): Promise<void> {
    const stats = await deps.monitor();
    for (const socket of sockets) {
      if (isValid(socket)) socket.emit('stats', stats);
    }
  }

  function isValid({ data: { session } }: MonitorSocket): boolean {
    return session !== undefined && session.cutAt > Date.now() && !deps.isRevoked(session);
  }

  async function drainUser(socket: MonitorSocket, body: unknown): Promise<object> {
    const { principal } = socket.data.session as Session;
    if (!isValid(socket)) throw new HubError('unauthenticated', 'The token does not hold any more.');
    const { sub } = check(drainUserSchema, body);
    if (!hasRole(principal, 'admin')) throw new HubError('forbidden', 'This needs the role admin.');
    await deps.drainUser(sub, principal.sub);
    return {};
  }

  namespace.on('connection', (socket) => {
    socket.once('disconnect', () => seats.leave(socket.conn));
    answerEvents(socket, { drain_user: drainUser }, logDefect);
    trimHandshake(socket);
    report([socket]).catch(logDefect);
  });

  const reports = setInterval(() => {
    if (namespace.sockets.size > 0) report(namespace.sockets.values()).catch(logDefect);
  }, REPORT_MS);
  const checks = setInterval(() => {
    // Not the connection: a stream on it may go on with another token.
    for (const socket of namespace.sockets.values()) if (!isValid(socket)) socket.disconnect();
  }, CHECK_MS);
  reports.unref();
  checks.unref();
  return () => {
    clearInterval(reports);
    clearInterval(checks);
  };
}

// Where WebSocket upgrades go: Socket.IO's to engine.io, the old service's path to the bridge, everything else away.
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { HubError } from '../errors.js';
import type { Logger } from '../ops/logger.js';
import { type ConnectGuard, refuse } from '../sockets/connect-guard.js';
import { toRefusal } from '../sockets/refusal.js';
import type { Bridge } from './bridge.js';

export const BRIDGE_PATH = '/ws/workitems';

/** engine.io's own rule for what is its request. */
const SOCKET_IO_PREFIX = '/socket.io/';

export interface UpgradeRouterDeps {
  httpServer: HttpServer;
  bridge: Pick<Bridge, 'handleUpgrade'>;
  connectGuard: ConnectGuard;
  logger: Logger;
}

/**
 * Routes the upgrades of an HTTP server. Those for the bridge pass the guard first: a foreign origin gets 403, a flood
 * 429 with `Retry-After`, both before the upgrade; an unknown path gets 404. To be called before or after Socket.IO is
 * attached, with its `destroyUpgrade: false`.
 */
export function routeUpgrades({ httpServer, bridge, connectGuard, logger }: UpgradeRouterDeps): void {
  async function route(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    try {
      if (pathOf(req) !== BRIDGE_PATH) throw new HubError('not_found', 'There is no WebSocket at this address.');
      await connectGuard.admit(req);
      bridge.handleUpgrade(req, socket, head);
    } catch (error) {
      refuse(
        socket,
        toRefusal(error, (err) => logger.error({ err }, 'An upgrade met a defect')),
      );
    }
  }

  const onError = (err: Error): void => logger.debug({ err }, 'A connection broke');

  httpServer.on('upgrade', (req, socket, head) => {
    // Nobody else listens before the upgrade is done, and an unheard error ends the process.
    socket.on('error', onError);
    if (!req.url?.startsWith(SOCKET_IO_PREFIX)) void route(req, socket, head);
  });
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] as string;
}

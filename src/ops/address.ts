// Where a request comes from, behind the balancers that TRUST_PROXY names. Upgrades never pass through Express, so
// this applies its rules (its own package, proxy-addr) to any request.
import { type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddress from 'proxy-addr';
import { type Config, ConfigError } from '../config.js';

/** The parts of a request that tell its origin; Express' and Node's requests have them. */
export type AddressedRequest = Pick<IncomingMessage, 'headers' | 'socket'>;

export interface Addresses {
  /** For `app.set('trust proxy', …)`. */
  readonly trust: (address: string, hop: number) => boolean;
  /** The client's IP address; that of the nearest hop when a header says something that is no address. */
  clientAddress(request: AddressedRequest): string;
  /** The `Host` that the client asked for, from `X-Forwarded-Host` when the sender is trusted. */
  hostOf(request: AddressedRequest): string | undefined;
}

/**
 * @param config `TRUST_PROXY`: empty, `false`, `true`, a number of hops, or a comma-separated list of addresses,
 *   subnets and the names `loopback`, `linklocal`, `uniquelocal`, as in Express
 * @throws ConfigError
 */
export function createAddresses({ TRUST_PROXY }: Pick<Config, 'TRUST_PROXY'>): Addresses {
  const trust = trustOf(TRUST_PROXY.trim());
  return {
    trust,
    clientAddress(request) {
      // A socket that is gone has no address.
      const nearest = request.socket.remoteAddress ?? 'unknown';
      const address = proxyAddress(request as IncomingMessage, trust);
      return address && isIP(address) > 0 ? address : nearest;
    },
    hostOf({ headers, socket }) {
      const forwarded = headers['x-forwarded-host'];
      if (typeof forwarded === 'string' && trust(socket.remoteAddress ?? '', 0))
        return forwarded.split(',', 1)[0]?.trim();
      return headers.host;
    },
  };
}

function trustOf(setting: string): Addresses['trust'] {
  if (setting === '' || setting === 'false') return () => false;
  if (setting === 'true') return () => true;
  if (/^\d+$/.test(setting)) return (_address, hop) => hop < Number(setting);
  try {
    return proxyAddress.compile(setting.split(',').map((entry) => entry.trim()));
  } catch (error) {
    throw new ConfigError(`TRUST_PROXY: ${(error as Error).message}`);
  }
}

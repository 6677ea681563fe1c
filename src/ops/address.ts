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
  /**
   * What limits count by: the client's IPv4 address, or of an IPv6 address the network (`2001:db8:1:2::/64`), since every
   * household has 2^64 of them. That of the nearest hop when a header says something that is no address.
   */
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
      return networkOf(address && isIP(address) > 0 ? address : nearest);
    },
    hostOf({ headers, socket }) {
      const forwarded = headers['x-forwarded-host'];
      if (typeof forwarded === 'string' && trust(socket.remoteAddress ?? '', 0))
        return forwarded.split(',', 1)[0]?.trim();
      return headers.host;
    },
  };
}

function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  // A server that listens on `::` sees IPv4 addresses in this form.
  const [, embedded] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (embedded !== undefined) return embedded;
  const [head = '', tail] = (address.split('%', 1)[0] as string).split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [left, right] = [groups(head), groups(tail ?? '')];
  // An address may end in the four numbers of IPv4, which stand for two groups.
  const count = left.length + right.length + (address.includes('.') ? 1 : 0);
  const all = [...left, ...Array.from({ length: tail === undefined ? 0 : 8 - count }, () => '0'), ...right];
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
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

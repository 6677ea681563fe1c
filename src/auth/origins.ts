// Which web pages may talk to the hub: for CORS, and for upgrades, which browsers let any page ask for.
import { isIP } from 'node:net';
import { type Config, ConfigError } from '../config.js';
import type { AddressedRequest, Addresses } from '../ops/address.js';

export interface Origins {
  /**
   * Whether a page of this origin may connect: one of `ALLOWED_ORIGINS`, that of `PUBLIC_URL`, the hub's own (its host
   * is the one that was asked for), or none at all, which no browser sends across origins. `null` may not.
   * @param host the `Host` that the client asked for
   */
  isAllowedOrigin(origin: string | undefined, host: string | undefined): boolean;
  /** The same for a request, with the host that a trusted balancer names. */
  isAllowed(request: AddressedRequest): boolean;
  /**
   * Whether a page of the hub's own asks, or no page at all. Narrower than {@link Origins.isAllowed}: not the pages of
   * `ALLOWED_ORIGINS`, and of the hub's own host only by `localhost`, an address, or `PUBLIC_URL`. Any other name can
   * be one that its owner has pointed at this machine, for his page to pass as ours.
   */
  isOwn(request: AddressedRequest): boolean;
}

/** @throws ConfigError for an entry of `ALLOWED_ORIGINS` that is no origin */
export function createOrigins(
  { ALLOWED_ORIGINS, PUBLIC_URL }: Pick<Config, 'ALLOWED_ORIGINS' | 'PUBLIC_URL'>,
  { hostOf }: Pick<Addresses, 'hostOf'>,
): Origins {
  const allowed = new Set(ALLOWED_ORIGINS.map(originOf));
  const published = PUBLIC_URL && new URL(PUBLIC_URL).origin;
  if (published) allowed.add(published);

  function isAllowedOrigin(origin: string | undefined, host: string | undefined): boolean {
    return origin === undefined || allowed.has(origin) || isOfHost(origin, host);
  }

  function isOfHost(origin: string, host: string | undefined): boolean {
    if (host === undefined) return false;
    // With the origin's own scheme both sides lose the default port alike. The scheme itself is not compared: a
    // balancer that ends TLS need not say so.
    const [page, own] = [parse(origin), parse(`${origin.split(':', 1)[0]}://${host}`)];
    return page !== null && page.origin === origin && page.origin === own?.origin;
  }

  return {
    isAllowedOrigin,
    isAllowed: (request) => isAllowedOrigin(request.headers.origin, hostOf(request)),
    isOwn(request) {
      const { origin } = request.headers;
      if (origin === undefined || origin === published) return true;
      return isOfHost(origin, hostOf(request)) && isNobodysName(new URL(origin).hostname);
    },
  };
}

/** `localhost` (also below it) and addresses belong to no one who could point them elsewhere. */
function isNobodysName(hostname: string): boolean {
  return /^(?:.+\.)?localhost$/.test(hostname) || isIP(hostname.replace(/^\[|\]$/g, '')) > 0;
}

function originOf(entry: string): string {
  const url = parse(entry);
  if (!url || url.origin === 'null') {
    throw new ConfigError(`ALLOWED_ORIGINS: "${entry}" is not an origin such as https://desk.example`);
  }
  return url.origin;
}

function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}

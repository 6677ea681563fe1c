// A real OpenID Connect provider on loopback: `oidc-provider` with one public client, the desk. PKCE is required, access tokens are JWTs for
// the hub, and refresh tokens are replaced at each use. Whoever writes a name into its page is signed in as that person.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import type Provider from 'oidc-provider';
import type { AdapterPayload, Configuration } from 'oidc-provider';
import type { Role } from '../../src/auth/principal.js';

export const CLIENT_ID = 'desk';
/** What access tokens are for: the hub's JWT_AUDIENCE. */
export const AUDIENCE = 'urn:workitem-hub';

export interface ProviderPerson {
  name: string;
  roles: Role[];
  teams: string[];
}

export interface OidcProvider {
  readonly issuer: string;
  /** Settings of a hub that has this provider sign its people in. */
  readonly env: Record<string, string>;
  readonly people: Map<string, ProviderPerson>;
  /** Seconds that access tokens live from now on; 3,600 at first. */
  tokenSeconds: number;
  /** Refresh tokens that were given, by kind of grant. */
  readonly granted: Record<string, number>;
  /** Grants of refresh tokens that were refused. */
  refused: number;
  /** Where the desk is: addresses that people are sent back to. */
  allow(deskUrl: string): void;
  /** Takes back every refresh token. */
  forgetRefreshTokens(): void;
  /** Signed-in sessions at the provider itself. */
  sessions(): number;
  /** Ends it, or starts it again at the same address with what it knew. */
  down(): Promise<void>;
  up(): Promise<void>;
}

/** Starts one; the caller ends it with `down`. */
export async function startOidcProvider(): Promise<OidcProvider> {
  const { default: OidcProviderClass, errors } = await import('oidc-provider');
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: 'provider', alg: 'RS256', use: 'sig' };
  const people = new Map<string, ProviderPerson>();
  const stores = new Map<string, Map<string, AdapterPayload>>();
  const client = {
    client_id: CLIENT_ID,
    token_endpoint_auth_method: 'none' as const,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code' as const],
    redirect_uris: ['http://127.0.0.1:1/'],
    post_logout_redirect_uris: [] as string[],
  };
  let handle: ReturnType<Provider['callback']> | undefined;
  let server: Server = listener();

  function listener(): Server {
    return createServer((req, res) => void handle?.(req, res));
  }

  const port = await listen(server, 0);
  const issuer = `http://127.0.0.1:${port}`;
  const configuration: Configuration = {
    adapter: class {
      readonly store: Map<string, AdapterPayload>;
      constructor(readonly name: string) {
        this.store = stores.get(name) ?? new Map();
        stores.set(name, this.store);
      }
      async upsert(id: string, payload: AdapterPayload): Promise<void> {
        this.store.set(id, payload);
      }
      async find(id: string): Promise<AdapterPayload | undefined> {
        return this.name === 'Client' && id === CLIENT_ID ? client : this.store.get(id);
      }
      async findByUid(uid: string): Promise<AdapterPayload | undefined> {
        return [...this.store.values()].find((one) => one.uid === uid);
      }
      async findByUserCode(): Promise<undefined> {}
      async consume(id: string): Promise<void> {
        const payload = this.store.get(id);
        if (payload) payload.consumed = Math.floor(Date.now() / 1_000);
      }
      async destroy(id: string): Promise<void> {
        this.store.delete(id);
      }
      async revokeByGrantId(grantId: string): Promise<void> {
        for (const [id, payload] of this.store) if (payload.grantId === grantId) this.store.delete(id);
      }
    },
    jwks: { keys: [jwk] },
    cookies: { keys: ['a key for cookies in tests'] },
    clientBasedCORS: () => true,
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub, ...people.get(sub) }) }),
    extraTokenClaims: (_ctx, token) => ({ ...people.get('accountId' in token ? String(token.accountId) : '') }),
    interactions: { url: (_ctx, { uid }) => `/sign-in/${uid}` },
    // Nobody is asked whether the desk may know who they are.
    async loadExistingGrant({ oidc }) {
      const { Grant } = oidc.provider;
      const known = oidc.session?.grantIdFor(CLIENT_ID);
      const grant =
        (known && (await Grant.find(known))) ||
        new Grant({ clientId: CLIENT_ID, accountId: oidc.session?.accountId as string });
      grant.addOIDCScope('openid profile email offline_access');
      grant.addResourceScope(AUDIENCE, 'work');
      await grant.save();
      return grant;
    },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: () => provider.tokenSeconds,
      Interaction: 600,
      Session: 86_400,
      Grant: 86_400,
      IdToken: 3_600,
      RefreshToken: 86_400,
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: () => true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(ctx, form) {
          ctx.body = page(`${form}<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>`);
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'work',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    renderError(ctx, out) {
      ctx.body = page(`<h1>${out.error}</h1><p>${out.error_description ?? ''}</p>`);
    },
  };
  const own = new OidcProviderClass(issuer, configuration);
  own.use(async (ctx, next) => {
    const uid = /^\/sign-in\/([\w-]+)$/.exec(ctx.path)?.[1];
    if (!uid) return next();
    if (ctx.method === 'GET') {
      ctx.body = page(`<form method="post"><label>Name <input name="sub"></label><button>Continue</button></form>`);
      return undefined;
    }
    let text = '';
    for await (const chunk of ctx.req) text += chunk;
    const sub = new URLSearchParams(text).get('sub') ?? '';
    const result = people.has(sub)
      ? { login: { accountId: sub } }
      : {
          error: new errors.AccessDenied('This person is not known.').error,
          error_description: 'This person is not known.',
        };
    ctx.redirect(await own.interactionResult(ctx.req, ctx.res, result));
    return undefined;
  });
  handle = own.callback();

  const granted: Record<string, number> = {};
  const provider: OidcProvider = {
    issuer,
    env: {
      OIDC_AUTHORITY: issuer,
      OIDC_CLIENT_ID: CLIENT_ID,
      OIDC_SCOPE: 'openid profile offline_access work',
      JWKS_URL: `${issuer}/jwks`,
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: AUDIENCE,
    },
    people,
    tokenSeconds: 3_600,
    granted,
    refused: 0,
    allow(deskUrl) {
      client.redirect_uris = [deskUrl];
      client.post_logout_redirect_uris = [deskUrl];
    },
    forgetRefreshTokens: () => stores.get('RefreshToken')?.clear(),
    sessions: () => [...(stores.get('Session')?.values() ?? [])].filter(({ accountId }) => accountId).length,
    async down() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
    async up() {
      server = listener();
      await listen(server, port);
    },
  };
  own.on('grant.success', ({ oidc }) => {
    const kind = String(oidc.params?.grant_type);
    granted[kind] = (granted[kind] ?? 0) + 1;
  });
  own.on('grant.error', () => void provider.refused++);
  return provider;
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const page = (body: string): string =>
  `<!doctype html><html lang="en"><head><title>Provider</title><link rel="icon" href="data:,"></head><body>${body}</body></html>`;

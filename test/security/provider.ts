// An identity provider for attacks: its keys over real HTTP, and whatever else a test has it answer.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

export type SigningKey = Awaited<ReturnType<typeof makeKey>>;

/** A key pair with its public JWK, and tokens signed with it. */
export async function makeKey(kid: string, alg: 'RS256' | 'ES256' = 'RS256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  const sign = (payload: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> =>
    new SignJWT(payload).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
  return { jwk, publicKey, privateKey, sign };
}

export interface Provider {
  readonly url: string;
  /** Requests so far. */
  asked: number;
  keys: JWK[];
  /** Answers in place of the keys. */
  answer: ((res: ServerResponse) => void) | null;
  stop(): Promise<void>;
}

export async function startProvider(): Promise<Provider> {
  const server = createServer((_req, res) => {
    provider.asked++;
    if (provider.answer) provider.answer(res);
    else res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: provider.keys }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const provider: Provider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    asked: 0,
    keys: [],
    answer: null,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return provider;
}

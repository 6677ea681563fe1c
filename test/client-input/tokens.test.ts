// getToken as applications write it: it throws, hangs, gives rubbish, and gives tokens that are refused.
import { expect } from 'chai';
import type { TokenReason } from '@workitem-hub/client';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';
import { startDesk } from './desk.js';
import { AT, startFakeHub } from './fake-hub.js';

/** By the clock of the fake hub. */
const SOON = new Date(Date.parse(AT) + 100).toISOString();

describe('client: tokens', () => {
  let hub: TestHub;
  before(async () => {
    hub = await startHub({ LIMIT_FAILED_AUTH_PER_MINUTE: '0' });
  });
  after(() => hub.close());

  for (const [what, first] of Object.entries<() => unknown>({
    throws: () => {
      throw new Error('no network');
    },
    rejects: () => Promise.reject(new Error('no network')),
    'throws nothing sensible': () => Promise.reject(undefined),
    hangs: () => new Promise(() => {}),
    'gives nothing': () => '',
    'gives undefined': () => undefined,
    'gives a number': () => 42,
    'gives an object': () => ({ token: 'x' }),
  })) {
    it(`are asked for again when getToken ${what}`, async () => {
      let calls = 0;
      let atOnce = 0;
      const desk = startDesk({
        url: hub.url,
        tokenTimeoutMs: what === 'hangs' ? 50 : 5_000,
        async getToken({ signal }) {
          atOnce++;
          signal.addEventListener('abort', () => atOnce--);
          expect(atOnce).to.equal(1);
          if (++calls < 3) {
            if (what !== 'hangs') atOnce--;
            return first() as string;
          }
          return hub.token('alice');
        },
      });
      await desk.is('connected');
      expect(calls).to.equal(3);
      expect(desk.codes()).to.deep.equal(['token_unavailable', 'token_unavailable']);
      expect(desk.states.filter((state) => state === 'offline:token_unavailable')).to.have.lengthOf(2);
      desk.client.close();
    });
  }

  it('that do not exist, because nobody is signed in, close the client', async () => {
    const desk = startDesk({ url: hub.url, getToken: () => null });
    await desk.is('closed');
    expect(desk.states).to.deep.equal(['connecting', 'closed:unauthenticated']);
    expect(desk.errors).to.deep.equal([]);
  });

  for (const [what, claims] of Object.entries({
    'that are none': null,
    'that have expired': { ttl: -60 },
  })) {
    it(`${what} close the client after two calls`, async () => {
      const reasons: TokenReason[] = [];
      const desk = startDesk({
        url: hub.url,
        getToken: ({ reason }) => {
          reasons.push(reason);
          return claims ? hub.token('alice', claims) : 'rubbish';
        },
      });
      await desk.is('closed');
      const again = claims ? 'expired' : 'refused';
      expect(reasons).to.deep.equal(['connect', again]);
      expect(desk.states.at(-1)).to.equal(claims ? 'closed:token_expired' : 'closed:unauthenticated');
      expect(desk.client.state.reason).to.not.equal('');
    });
  }

  it('are asked for anew when the application connects again', async () => {
    let signedIn = false;
    const desk = startDesk({ url: hub.url, getToken: () => (signedIn ? hub.token('alice') : null) });
    await desk.is('closed');
    signedIn = true;
    desk.client.connect();
    await desk.is('connected');
    desk.client.close();
  });

  it('that the list refuses for good close the client', async () => {
    const fake = await startFakeHub();
    let calls = 0;
    fake.onList = (res) => {
      res.writeHead(401).end('{"error":{"code":"unauthenticated","message":"Who is this?"}}');
    };
    const desk = startDesk({ url: fake.url, getToken: () => `token.${++calls}` });
    await desk.is('closed');
    expect(desk.states.at(-1)).to.equal('closed:unauthenticated');
    expect(calls).to.be.at.most(4);
    await fake.close();
  });

  it('whose end the hub tells as rubbish are good until they are refused', async () => {
    const fake = await startFakeHub();
    let calls = 0;
    fake.onVisit = (visit) => visit.ready(0, { expires_at: 'some day' });
    const desk = startDesk({ url: fake.url, getToken: () => `token.${++calls}` });
    const { socket } = await fake.visit(1);
    await desk.is('connected');
    socket.conn.close();
    await fake.visit(2);
    await desk.is('connected');
    expect(calls).to.equal(1);
    desk.client.close();
    await fake.close();
  });

  it('that cannot be renewed in place are asked for again, and the stream is not touched', async () => {
    const fake = await startFakeHub();
    const reasons: TokenReason[] = [];
    fake.onVisit = (visit) => {
      visit.socket.on('refresh_token', (_body: object, reply: (answer: unknown) => void) =>
        reply({ ok: true, expires_at: '2036-01-01T00:00:00.000Z' }),
      );
      visit.ready();
    };
    const desk = startDesk({
      url: fake.url,
      getToken: ({ reason }) => {
        if (reasons.push(reason) === 2) throw new Error('no network');
        return 'a.token';
      },
    });
    const { say } = await fake.visit(1);
    await desk.is('connected');
    say('token_expiring', { expires_at: SOON }, 0);
    await until(() => desk.errors.length > 0);
    expect(desk.codes()).to.deep.equal(['token_unavailable']);
    expect(reasons).to.deep.equal(['connect', 'expiring']);
    expect(desk.client.state.name).to.equal('connected');
    desk.client.close();
    await fake.close();
  });

  it('that are not there any more when they expire close the client at once', async () => {
    const fake = await startFakeHub();
    fake.onVisit = (visit) => visit.ready();
    let signedIn = true;
    const desk = startDesk({ url: fake.url, getToken: () => (signedIn ? 'a.token' : null) });
    const { say } = await fake.visit(1);
    await desk.is('connected');
    signedIn = false;
    say('token_expiring', { expires_at: SOON }, 0);
    await desk.is('closed');
    expect(desk.states.at(-1)).to.equal('closed:unauthenticated');
    await fake.close();
  });

  it('live by the hub’s clock, however wrong the one here is', async () => {
    const fake = await startFakeHub();
    const reasons: TokenReason[] = [];
    // Long past by the clock of this machine, an hour to come by the hub's.
    fake.onVisit = (visit) => visit.ready(0, { expires_at: new Date(Date.parse(AT) + 3_600_000).toISOString() });
    const desk = startDesk({ url: fake.url, getToken: ({ reason }) => `token.${reasons.push(reason)}` });
    await desk.is('connected');
    (await fake.visit(1)).socket.disconnect(true);
    await fake.visit(2);
    await desk.is('connected');
    expect(reasons).to.deep.equal(['connect']);
    desk.client.close();
    await fake.close();
  });
});

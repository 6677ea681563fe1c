// The application's tokens: one call at a time, none in the URL, no loop over one that is refused for good.
import { expect } from 'chai';
import type { TokenReason } from '@workitem-hub/client';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';
import { openDesk } from './desk.js';
import { AT, startFakeHub } from './fake-hub.js';

describe('raw client: tokens', () => {
  let hub: TestHub;
  before(async () => {
    hub = await startHub({ LIMIT_FAILED_AUTH_PER_MINUTE: '0' });
  });
  after(() => hub.close());

  it('travel as a subprotocol, never in the URL', async () => {
    const fake = await startFakeHub();
    const desk = openDesk({ url: fake.url, getToken: () => 'very.secret' });
    const { query, token, headers } = await fake.visit(1);
    await desk.is('connected');
    expect(token).to.equal('very.secret');
    expect(headers['sec-websocket-protocol']).to.match(/^workitems/);
    expect([query.toString(), ...fake.lists.map(String)].join()).not.to.include('secret');
    desk.client.close();
    await fake.close();
  });

  it('are asked for once for the stream and the list', async () => {
    const reasons: TokenReason[] = [];
    const desk = openDesk({
      url: hub.url,
      getToken: ({ reason }) => {
        reasons.push(reason);
        return hub.token('alice');
      },
    });
    await desk.is('connected');
    expect(reasons).to.deep.equal(['connect']);
    desk.client.close();
  });

  for (const [what, claims] of Object.entries({
    'that is no token': null,
    'that has expired': { ttl: -60 },
  })) {
    it(`${what} is asked for once more, and then the client is closed`, async () => {
      const reasons: TokenReason[] = [];
      const desk = openDesk({
        url: hub.url,
        getToken: ({ reason }) => {
          reasons.push(reason);
          return claims ? hub.token('alice', claims) : 'rubbish';
        },
      });
      await desk.is('closed');
      expect(desk.states.at(-1)).to.equal(claims ? 'closed:token_expired' : 'closed:unauthenticated');
      expect(reasons).to.deep.equal(['connect', claims ? 'expired' : 'refused']);
    });
  }

  it('of somebody who sees no items close the client', async () => {
    const desk = openDesk({ url: hub.url, getToken: () => hub.token('post', { roles: ['intake'] }) });
    await desk.is('closed');
    expect(desk.states.at(-1)).to.equal('closed:forbidden');
  });

  it('that do not exist, because nobody is signed in, close the client', async () => {
    const desk = openDesk({ url: hub.url, getToken: () => null });
    await desk.is('closed');
    expect(desk.states).to.deep.equal(['connecting', 'closed:unauthenticated']);
  });

  for (const [what, first] of Object.entries<() => unknown>({
    throws: () => {
      throw new Error('no network');
    },
    rejects: () => Promise.reject(new Error('no network')),
    hangs: () => new Promise(() => {}),
    'gives nothing': () => '',
    'gives a number': () => 42,
    'gives what no header takes': () => 'a token\n',
  })) {
    it(`are asked for again when getToken ${what}`, async () => {
      let calls = 0;
      const desk = openDesk({
        url: hub.url,
        getToken: () => (++calls < 3 ? (first() as string) : hub.token('alice')),
        timeoutMs: what === 'hangs' ? 50 : 5_000,
      });
      await desk.is('connected');
      expect(calls).to.equal(3);
      expect(desk.errors.map(({ code }) => code)).to.deep.equal(['token_unavailable', 'token_unavailable']);
      expect(desk.states.filter((state) => state === 'offline:token_unavailable')).to.have.lengthOf(2);
      desk.client.close();
    });
  }

  it('that end while the stream lives are replaced, and the stream goes on', async () => {
    let calls = 0;
    const desk = openDesk({ url: hub.url, getToken: () => hub.token('alice', { ttl: calls++ === 0 ? 2 : '1h' }) });
    await desk.is('connected');
    await until(() => desk.states.some((state) => state.startsWith('offline')));
    const { submission_id: id } = await hub.item();
    await until(() => desk.events.length > 0);
    expect(desk.events.map(({ item }) => item.id)).to.deep.equal([id]);
    expect(desk.snapshots).to.have.lengthOf(1);
    expect(calls).to.equal(2);
    desk.client.close();
  });

  it('are asked for when the hub says that they are about to end, and used when it has ended the stream', async () => {
    const fake = await startFakeHub();
    const reasons: TokenReason[] = [];
    const desk = openDesk({
      url: fake.url,
      getToken: ({ reason }) => `token.${reasons.push(reason)}`,
    });
    const visit = await fake.visit(1);
    await desk.is('connected');
    visit.say('token_expiring', { expires_at: '2036-01-01T00:00:00.000Z' }, 0);
    await until(() => reasons.length === 2);
    visit.socket.close(4401, 'token_expired: The token has expired.');
    expect((await fake.visit(2)).token).to.equal('token.2');
    await desk.is('connected');
    expect(reasons).to.deep.equal(['connect', 'expiring']);
    expect(desk.states).to.include('offline:token_expired');
    desk.client.close();
    await fake.close();
  });

  it('that the list refuses for good close the client', async () => {
    const fake = await startFakeHub();
    let calls = 0;
    fake.onList = (_query, res) => {
      res.writeHead(401).end('{"error":{"code":"unauthenticated","message":"Who is this?"}}');
    };
    const desk = openDesk({ url: fake.url, getToken: () => `token.${++calls}` });
    await desk.is('closed');
    expect(desk.states.at(-1)).to.equal('closed:unauthenticated');
    expect(calls).to.be.at.most(4);
    await fake.close();
  });

  it('live by the hub’s clock, however wrong the one here is', async () => {
    const fake = await startFakeHub();
    const reasons: TokenReason[] = [];
    // Long past by the clock of this machine, an hour to come by the hub's.
    const expires_at = new Date(Date.parse(AT) + 3_600_000).toISOString();
    fake.onVisit = (visit) => visit.ready(0, { expires_at });
    const desk = openDesk({ url: fake.url, getToken: ({ reason }) => `token.${reasons.push(reason)}` });
    await desk.is('connected');
    (await fake.visit(1)).socket.close(1012);
    await fake.visit(2);
    await desk.is('connected');
    expect(reasons).to.deep.equal(['connect']);
    desk.client.close();
    await fake.close();
  });
});

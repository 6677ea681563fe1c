// Moments at which a client must not wait, or must: the machine wakes, the clock jumps, the hub drains or says when to come back.
import { expect } from 'chai';
import { makeItem } from '../sockets/events.js';
import { until } from '../support/until.js';
import { startDesk } from './desk.js';
import { AT, type FakeHub, startFakeHub } from './fake-hub.js';
import { startNetwork } from './network.js';
import { type Browser, pretendBrowser } from './pretend-browser.js';

const getToken = (): string => 'a.token';
const LONG = { minMs: 600_000, maxMs: 600_000 };

describe('client: moments', () => {
  let hub: FakeHub;
  let browser: Browser;
  let pings: number;
  beforeEach(async () => {
    hub = await startFakeHub();
    browser = pretendBrowser();
    pings = 0;
    hub.onVisit = (visit) => {
      visit.socket.on('ping', (_body: object, reply: (answer: unknown) => void) => {
        pings++;
        reply({ ok: true });
      });
      visit.ready(0, visit.auth.position ? { verdict: 'resumed' } : {});
    };
  });
  afterEach(async () => {
    browser.restore();
    await hub.close();
  });

  for (const [what, happens] of Object.entries<(of: Browser) => void>({
    'the network comes back': (of) => of.fire('online'),
    'the tab is looked at again': (of) => {
      of.hide();
      of.show();
    },
    'the page comes out of the cache': (of) => of.fire('pageshow'),
    'the machine wakes': (of) => of.sleep(3_600_000),
    'the clock is set back': (of) => of.sleep(-3_600_000),
  })) {
    it(`asks at once whether the connection lives when ${what}`, async () => {
      const desk = startDesk({ url: hub.url, getToken });
      await desk.is('connected');
      happens(browser);
      // After a long sleep the library finds by its own clock that it has missed heartbeats, and the connection is made anew.
      await until(() => pings > 0 || hub.visits.length > 1);
      await desk.is('connected');
      if (what !== 'the machine wakes') expect(hub.visits).to.have.lengthOf(1);
      desk.client.close();
    });

    it(`does not wait for its next try when ${what}`, async () => {
      const network = await startNetwork(() => hub.url);
      network.down = true;
      const desk = startDesk({ url: network.url, getToken, backoff: LONG, transports: ['websocket'] });
      await desk.is('offline');
      network.down = false;
      happens(browser);
      await desk.is('connected');
      desk.client.close();
      await network.close();
    });
  }

  it('asks nothing when the tab is hidden, nor when it was closed', async () => {
    const desk = startDesk({ url: hub.url, getToken });
    const { say } = await hub.visit(1);
    await desk.is('connected');
    browser.hide();
    say('new_workitem', makeItem({ id: 1 }), 1);
    await until(() => desk.events.length > 0);
    expect(pings).to.equal(0);
    expect(browser.listeners()).to.be.greaterThan(0);
    desk.client.close();
    expect(browser.listeners()).to.equal(0);
  });

  it('asks for another token when the one in hand has ended in its sleep', async () => {
    const reasons: string[] = [];
    hub.onVisit = (visit) => visit.ready(0, { expires_at: new Date(Date.parse(AT) + 3_600_000).toISOString() });
    const desk = startDesk({ url: hub.url, getToken: ({ reason }) => `token.${reasons.push(reason)}` });
    const { socket } = await hub.visit(1);
    await desk.is('connected');
    browser.sleep(7_200_000);
    socket.conn.close();
    await hub.visit(2);
    expect(reasons).to.deep.equal(['connect', 'expired']);
    expect(hub.handshakes[1]).to.include({ token: 'token.2' });
    desk.client.close();
  });

  it('comes back soon from a process that drains, to where it was', async () => {
    const desk = startDesk({ url: hub.url, getToken, backoff: LONG });
    const { say, socket } = await hub.visit(1);
    await desk.is('connected');
    say('new_workitem', makeItem({ id: 1 }), 4);
    say('draining', { reconnect_after_ms: 0 }, 4);
    await until(() => desk.events.length > 0);
    socket.conn.close();
    const again = await hub.visit(2);
    expect(again.auth.position).to.deep.equal({ epoch: 'e1', seq: 4, scope: 's' });
    await desk.is('connected');
    expect(hub.lists()).to.equal(1);
    desk.client.close();
  });

  it('comes back when it is told, and no wish of the user makes it come before', async () => {
    hub.refuse = () => ({ code: 'rate_limited', message: 'Too many.', retry_after_ms: 400 });
    const desk = startDesk({ url: hub.url, getToken });
    await desk.is('offline');
    const { retryAt } = desk.client.state;
    expect(desk.states.at(-1)).to.equal('offline:rate_limited');
    expect(retryAt).to.be.within(Date.now() + 250, Date.now() + 1_450);
    hub.refuse = () => null;
    browser.fire('online');
    browser.show();
    expect(desk.client.state.name).to.equal('offline');
    await desk.is('connected');
    expect(Date.now()).to.be.at.least((retryAt ?? 0) - 5);
    expect(hub.handshakes).to.have.lengthOf(2);
    desk.client.close();
  });
});

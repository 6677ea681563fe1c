// Hubs that are older or newer than the client.
import { expect } from 'chai';
import { makeItem } from '../sockets/events.js';
import { until } from '../support/until.js';
import { startDesk } from './desk.js';
import { type FakeHub, startFakeHub } from './fake-hub.js';
import { type Browser, pretendBrowser } from './pretend-browser.js';

const getToken = (): string => 'a.token';

describe('client: hubs of other versions', () => {
  let hub: FakeHub;
  let browser: Browser | undefined;
  beforeEach(async () => {
    hub = await startFakeHub();
  });
  afterEach(async () => {
    browser?.restore();
    browser = undefined;
    await hub.close();
  });

  it('says in its handshake which contract it speaks', async () => {
    const desk = startDesk({ url: hub.url, getToken });
    await desk.is('connected');
    expect(hub.handshakes[0]).to.include({ contract: 1 });
    desk.client.close();
  });

  it('is closed as unsupported by a hub that is too old', async () => {
    hub.onVisit = (visit) => visit.ready(0, { contract: 0 });
    const desk = startDesk({ url: hub.url, getToken });
    await desk.is('closed');
    expect(desk.states.at(-1)).to.equal('closed:unsupported');
    expect(desk.client.state.reason).to.match(/too old/);
    expect(hub.handshakes).to.have.lengthOf(1);
  });

  it('is closed as unsupported by a hub for which it is too old itself', async () => {
    hub.refuse = () => ({ code: 'invalid', message: 'This client is too old.', details: { contract: 3, oldest: 2 } });
    const desk = startDesk({ url: hub.url, getToken });
    await desk.is('closed');
    expect(desk.states.at(-1)).to.equal('closed:unsupported');
    expect(hub.handshakes).to.have.lengthOf(1);
  });

  it('works with a newer hub: its contract, statuses, events and reasons', async () => {
    hub.onVisit = (visit) => {
      visit.ready(5, { contract: 2, verdict: 'resync', reason: 'moon_changed', limits: { more: true } });
      visit.say('new_workitem', makeItem({ id: 4, status: 'sublimated' as never }), 6);
      visit.say('workitem_painted', { colour: 'red' }, 7);
      visit.say('resync_required', { reason: 'sun_changed', lowest_seq: 0, scope: 't' }, 8);
    };
    const desk = startDesk({ url: hub.url, getToken });
    await desk.is('connected');
    await until(() => desk.reports.length > 0);
    expect(desk.errors).to.deep.equal([]);
    expect(desk.events[0]?.data).to.include({ status: 'sublimated' });
    expect(desk.reports[0]).to.include({ missed: true, reason: 'sun_changed' });
    desk.client.close();
  });

  for (const [what, answer] of Object.entries({
    'does not know': { ok: false, error: { code: 'invalid', message: 'There is no such event.' } },
    'answers with rubbish': 'pong?',
  })) {
    it(`takes a ping that the hub ${what} for an answer`, async () => {
      let asked = 0;
      hub.onVisit = (visit) => {
        visit.socket.on('ping', (_body: object, reply: (answer: unknown) => void) => {
          asked++;
          reply(answer);
        });
        visit.ready();
      };
      browser = pretendBrowser();
      const desk = startDesk({ url: hub.url, getToken });
      const visit = await hub.visit(1);
      await desk.is('connected');
      browser.fire('online');
      browser.show();
      await until(() => asked > 0);
      visit.say('new_workitem', makeItem({ id: 4 }), 1);
      await until(() => desk.events.length > 0);
      expect(desk.client.state.name).to.equal('connected');
      expect(asked).to.equal(1);
      expect(hub.visits).to.have.lengthOf(1);
      desk.client.close();
    });
  }
});

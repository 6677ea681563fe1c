// Connections that died without a word, hubs that do not answer, laptops that wake.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { until } from '../support/until.js';
import { startNetwork } from '../client-input/network.js';
import { type Browser, pretendBrowser } from '../client-input/pretend-browser.js';
import { openDesk } from './desk.js';
import { type FakeHub, startFakeHub } from './fake-hub.js';

const getToken = (): string => 'a.token';

describe('raw client: liveness', () => {
  let hub: FakeHub;
  let browser: Browser | undefined;
  beforeEach(async () => {
    hub = await startFakeHub();
    hub.onVisit = (visit) => visit.ready(0, hub.visits.length > 1 ? { verdict: 'resumed' } : {});
  });
  afterEach(async () => {
    browser?.restore();
    browser = undefined;
    await hub.close();
  });

  it('gives a hub up that is silent, and comes back with its position', async () => {
    const desk = openDesk({ url: hub.url, getToken, silenceMs: 100 });
    const again = await hub.visit(2);
    expect(again.query.get('since')).to.equal('e1:0:s');
    expect(desk.states).to.include('offline:unreachable');
    desk.client.close();
  });

  it('gives a hub up that never begins its stream', async () => {
    hub.onVisit = ({ say }) => say('head', {}, 1);
    const desk = openDesk({ url: hub.url, getToken, silenceMs: 50 });
    await hub.visit(3);
    expect(desk.client.position).to.equal(null);
    desk.client.close();
  });

  it('gives a server up that takes the connection and says nothing', async () => {
    const server = createServer((socket) => void socket.resume()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const desk = openDesk({ url: `http://127.0.0.1:${port}`, getToken, timeoutMs: 50 });
    await until(() => desk.states.filter((state) => state === 'offline:unreachable').length >= 2);
    desk.client.close();
    server.close();
  });

  it('comes back at once when the network does, though the old connection looks alive', async () => {
    browser = pretendBrowser();
    const network = await startNetwork(() => hub.url);
    const desk = openDesk({ url: network.url, getToken });
    await desk.is('connected');
    network.freeze();
    browser.fire('online');
    await hub.visit(2);
    await desk.is('connected');
    desk.client.close();
    await network.close();
  });

  it('does not wait when the tab is looked at again', async () => {
    browser = pretendBrowser();
    const network = await startNetwork(() => hub.url);
    network.down = true;
    const desk = openDesk({ url: network.url, getToken, backoff: { minMs: 600_000, maxMs: 600_000 } });
    await desk.is('offline');
    network.down = false;
    browser.hide();
    expect(desk.client.state).to.equal('offline');
    browser.show();
    await desk.is('connected');
    desk.client.close();
    await network.close();
  });

  it('leaves a connection alone that has just said something', async () => {
    browser = pretendBrowser();
    const desk = openDesk({ url: hub.url, getToken });
    await desk.is('connected');
    browser.hide();
    browser.show();
    expect(desk.client.state).to.equal('connected');
    expect(hub.visits).to.have.lengthOf(1);
    desk.client.close();
  });

  it('begins anew after a sleep', async () => {
    browser = pretendBrowser();
    const desk = openDesk({ url: hub.url, getToken });
    await desk.is('connected');
    browser.sleep(3_600_000);
    await hub.visit(2);
    await desk.is('connected');
    desk.client.close();
  });

  it('listens to nothing any more once it is closed', async () => {
    browser = pretendBrowser();
    const desk = openDesk({ url: hub.url, getToken });
    await desk.is('connected');
    expect(browser.listeners()).to.be.greaterThan(0);
    desk.client.close();
    expect(browser.listeners()).to.equal(0);
  });

  it('comes back soon from a process that drains', async () => {
    hub.onVisit = (visit) => {
      visit.ready();
      if (hub.visits.length > 1) return;
      visit.say('draining', { reconnect_after_ms: 0 }, 0);
      visit.socket.close(1012, 'unavailable: This process goes away.');
    };
    const desk = openDesk({ url: hub.url, getToken, backoff: {} });
    await hub.visit(2);
    await desk.is('connected');
    expect(desk.states).to.include('offline:unavailable');
    desk.client.close();
  });
});

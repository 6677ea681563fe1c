// Proxies and networks that get in the way: the stream is whole all the same, later at worst.
import { expect } from 'chai';
import type { WorkItemClientOptions } from '@workitem-hub/client';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';
import { type Desk, startDesk } from './desk.js';
import { type Network, type NetworkOptions, startNetwork, startPathProxy } from './network.js';
import { type Browser, pretendBrowser } from './pretend-browser.js';

describe('client: networks', () => {
  let hub: TestHub;
  let network: Network | undefined;
  let browser: Browser | undefined;
  let desk: Desk | undefined;
  before(async () => {
    hub = await startHub();
  });
  after(() => hub.close());
  afterEach(async () => {
    desk?.client.close();
    browser?.restore();
    browser = undefined;
    await network?.close();
    network = undefined;
  });

  async function behind(how: NetworkOptions, options: Partial<WorkItemClientOptions> = {}): Promise<Desk> {
    network = await startNetwork(() => hub.url, how);
    desk = startDesk({ url: network.url, getToken: () => hub.token('alice'), ...options });
    return desk;
  }

  /** Makes items while the network does what it does; each must arrive once and in order. */
  async function expectWhole({ client, events }: Desk, count: number): Promise<void> {
    const made: number[] = [];
    const before = events.length;
    for (let i = 0; i < count; i++) {
      made.push((await hub.item()).submission_id);
      await until(() => events.length > before + i);
    }
    expect(events.slice(before).map(({ data }) => data.id)).to.deep.equal(made);
    expect(client.workItems.items.slice(0, count).map(({ id }) => id)).to.deep.equal([...made].reverse());
  }

  it('that cut every connection after a while cost nothing', async () => {
    const here = await behind({ cutAfterMs: 150 });
    await here.is('connected');
    const before = network?.connections() ?? 0;
    await expectWhole(here, 10);
    await until(() => (network?.connections() ?? 0) > before + 5);
    await expectWhole(here, 5);
    expect(here.reports.every(({ missed }) => !missed)).to.equal(true);
    expect(here.codes()).to.deep.equal([]);
  });

  it('that swallow WebSockets without a word are passed by long polling', async () => {
    const here = await behind({ upgrades: 'swallow' }, { connectTimeoutMs: 1_000 });
    await here.is('connected');
    expect(here.states.filter((state) => state.startsWith('offline'))).to.have.lengthOf(1);
    await expectWhole(here, 3);
    // What worked is tried first the next time.
    const states = here.states.length;
    // Between two polls there is nothing to cut that anybody would notice.
    await until(() => (network?.asking() ?? 0) > 0);
    network?.cut();
    await until(() => here.states.length > states);
    await here.is('connected');
    await expectWhole(here, 2);
    expect(here.states.slice(states).filter((state) => state.startsWith('offline'))).to.have.lengthOf(1);
    // The library is still waiting for an upgrade there, and would wait for ever.
    await until(() => (network?.waiting() ?? 0) > 0);
    here.client.close();
    await until(() => network?.waiting() === 0);
  });

  it('that refuse WebSockets with an HTTP error are passed by long polling', async () => {
    const here = await behind({ upgrades: 'refuse' });
    await here.is('connected');
    expect(network?.upgrades()).to.be.greaterThan(0);
    expect(here.states).to.deep.equal(['connecting', 'catching_up', 'connected']);
    await expectWhole(here, 3);
  });

  it('that are slow are waited for', async () => {
    const here = await behind({ delayMs: 150 });
    await here.is('connected');
    await expectWhole(here, 3);
    expect(here.states).to.deep.equal(['connecting', 'catching_up', 'connected']);
  });

  it('that let little through are waited for', async () => {
    const here = await behind({ bytesPer10Ms: 100 });
    await here.is('connected');
    await expectWhole(here, 3);
    expect(here.states).to.deep.equal(['connecting', 'catching_up', 'connected']);
  });

  it('are not needed for more than long polling', async () => {
    const here = await behind({}, { transports: ['polling'] });
    await here.is('connected');
    await expectWhole(here, 5);
    expect(network?.upgrades()).to.equal(0);
  });

  it('that died without a word are found dead at once when the machine wakes', async () => {
    browser = pretendBrowser();
    const here = await behind({});
    await here.is('connected');
    network?.freeze();
    const { submission_id: id } = await hub.item();
    expect(here.client.state.name).to.equal('connected');
    browser.fire('online');
    await until(() => here.events.length > 0, 5_000);
    expect(here.events.map(({ data }) => data.id)).to.deep.equal([id]);
    expect(here.states).to.include('offline:unreachable');
  });

  it('that died without a word are found dead by their silence otherwise', async () => {
    const here = await behind({}, { silenceMs: 500 });
    await here.is('connected');
    network?.freeze();
    const { submission_id: id } = await hub.item();
    await until(() => here.events.length > 0);
    expect(here.events.map(({ data }) => data.id)).to.deep.equal([id]);
    expect(here.states).to.include('offline:unreachable');
  });

  it('that put the hub below a path are told so by the address', async () => {
    const proxy = await startPathProxy(() => hub.url, '/some/hub');
    for (const slashes of ['', '/', '//']) {
      for (const transports of [['websocket'], ['polling']] as const) {
        const here = startDesk({ url: proxy.url + slashes, transports, getToken: () => hub.token('alice') });
        await here.is('connected');
        expect(here.states).to.deep.equal(['connecting', 'catching_up', 'connected']);
        here.client.close();
      }
    }
    proxy.close();
  });
});

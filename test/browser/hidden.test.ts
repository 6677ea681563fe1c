// A tab that nobody looks at keeps up, and one whose connection died unnoticed looks after it when somebody does again.
import { expect } from 'chai';
import type { BrowserContext, Page, WebSocketRoute } from 'playwright-core';
import { until } from '../support/until.js';
import { holds, isConnected, sawEvents, type Site, startSite } from './site.js';

/** As the page sees it: Chromium without a window shows all of its tabs. */
const show = (page: Page, state: DocumentVisibilityState): Promise<void> =>
  page.evaluate((wanted) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: wanted });
    // Tabs that are hidden paint nothing.
    if (wanted === 'hidden') window.requestAnimationFrame = () => 0;
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

/** WebSockets through a network that can be made to swallow everything without a word; those that are opened later work. */
async function swallowing(context: BrowserContext): Promise<{ opened: () => number; swallow(): void }> {
  const dead = new Set<WebSocketRoute>();
  const all: WebSocketRoute[] = [];
  await context.routeWebSocket(/./, (page) => {
    all.push(page);
    const hub = page.connectToServer();
    page.onMessage((text) => void (dead.has(page) || hub.send(text)));
    hub.onMessage((text) => void (dead.has(page) || page.send(text)));
  });
  return {
    opened: () => all.length,
    swallow() {
      for (const socket of all) dead.add(socket);
    },
  };
}

describe('a hidden page', function () {
  this.timeout(60_000);
  let site: Site;
  before(async () => {
    site = await startSite();
  });
  after(() => site.close());

  it('has its events, and tells its listeners though no frame is painted', async () => {
    const context = await site.context();
    const page = await site.tab(context, 'alice');
    await isConnected(page);
    await show(page, 'hidden');
    const { submission_id: first } = await site.hub.item();
    await sawEvents(page, 1);
    await holds(page, () => window.desk.lengths.at(-1) === 1, undefined);
    const { submission_id: second } = await site.hub.item();
    await holds(page, () => window.desk.lengths.at(-1) === 2, undefined);
    expect(await page.evaluate(() => window.desk.ids())).to.deep.equal([second, first]);
    expect(site.complaints).to.deep.equal([]);
    await context.close();
  });

  it('asks at once whether its connection lives when it is looked at again, and makes up for what it missed', async () => {
    const context = await site.context();
    const network = await swallowing(context);
    const page = await site.tab(context, 'alice');
    await isConnected(page);
    const before = await page.evaluate(() => window.desk.ids().length);
    await show(page, 'hidden');
    network.swallow();
    const made: string[] = [];
    for (let n = 0; n < 3; n++) made.push(`${(await site.hub.item()).submission_id}:1`);
    expect(await page.evaluate(() => window.desk.seen)).to.deep.equal([]);
    expect(await page.evaluate(() => window.desk.client.state.name)).to.equal('connected');

    await show(page, 'visible');
    // Long before a heartbeat could be missed.
    await until(() => network.opened() > 1, 15_000);
    await sawEvents(page, 3);
    await isConnected(page);
    expect(await page.evaluate(() => window.desk.seen)).to.deep.equal(made);
    expect(await page.evaluate(() => window.desk.missed)).to.deep.equal([false, false]);
    expect(await page.evaluate(() => window.desk.ids().length)).to.equal(before + 3);
    await context.close();
  });
});

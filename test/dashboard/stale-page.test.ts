// A page that is older than the hub's desk: its parts went with the build that they belong to.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { COUNT, type Desk, openDesk, STATE } from './desk.js';
import { SHOWN } from './monitor-page.js';

const TOAST = `document.body.innerText.includes('The command palette could not be loaded.')`;

describe('a desk that is older than the hub', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await desk.hub.item();
  });
  after(() => desk?.close());

  /** A browser that has a page of another build at first, and for which a part of the desk is gone. */
  async function afterDeployment() {
    const context = await desk.context();
    const html = await (await fetch(desk.hub.url)).text();
    const entry = /assets\/index-[\w-]+\.js/.exec(html)?.[0] as string;
    const script = await (await fetch(`${desk.hub.url}/${entry}`)).text();
    let asked = 0;
    await context.route('**/assets/command-palette-*.js', (route) => route.fulfill({ status: 404, body: '' }));
    await context.route('**/assets/index-older.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: script }),
    );
    await context.route(`${desk.hub.url}/`, (route) =>
      asked++ > 0
        ? route.continue()
        : route.fulfill({ contentType: 'text/html', body: html.replace(entry, 'assets/index-older.js') }),
    );
    // Its parts would bring the other build along.
    await context.route('**/desk.json', (route) =>
      route.fulfill({ json: { auth: { kind: 'token' }, test_controls: false, contract: 1 } }),
    );
    return context;
  }

  it('is loaded anew once, at the same address and in the same session, and never in a loop', async () => {
    const context = await afterDeployment();
    let loads = 0;
    context.on('page', (page) => page.on('domcontentloaded', () => loads++));
    const page = await desk.open('alice', { context, place: '#/pool?sort=-age' });
    await page.keyboard.press('Control+k');
    await becomesTrue(page, `document.querySelector('script[src*="index-older"]') === null && ${STATE} === 'live'`);
    expect(page.url()).to.equal(`${desk.hub.url}/#/pool?sort=-age`);
    await becomesTrue(page, `${COUNT} === 1`);
    // The newer one misses it too.
    await page.keyboard.press('Control+k');
    await becomesTrue(page, TOAST);
    await desk.hub.item();
    await becomesTrue(page, `${COUNT} === 2`);
    expect(loads).to.equal(2);
    await context.close();
    desk.expectNoComplaints(/404|Failed to fetch dynamically imported module|preload/);
  });

  it('stays as it is while there is no hub to be loaded from', async () => {
    const context = await desk.context();
    await context.route('**/assets/command-palette-*.js', (route) => route.abort());
    let loads = 0;
    context.on('page', (page) => page.on('domcontentloaded', () => loads++));
    const page = await desk.open('alice', { context });
    await context.setOffline(true);
    await page.keyboard.press('Control+k');
    await becomesTrue(page, TOAST);
    await becomesTrue(page, `${STATE} === 'offline' && ${COUNT} >= 1`);
    expect(loads).to.equal(1);
    await context.unroute('**/assets/command-palette-*.js');
    await context.setOffline(false);
    await becomesTrue(page, `${STATE} === 'live'`);
    await page.keyboard.press('Control+k');
    await becomesTrue(page, `document.activeElement?.hasAttribute('cmdk-input')`);
    await context.close();
    desk.expectNoComplaints(/ERR_|WebSocket|Failed to fetch dynamically imported module|Unable to preload CSS/);
  });

  it('says what is missing and why, and has it with its styles as soon as the connection is back', async () => {
    const context = await desk.context();
    // Also when it was to be fetched ahead.
    await context.route('**/assets/monitor-*', (route) => route.abort());
    const page = await desk.open('sue', { context, roles: ['supervisor'] });
    await context.setOffline(true);
    await becomesTrue(page, `${STATE} === 'offline'`);
    await page.evaluate(`location.hash = '#/monitor'`);
    const monitor = `document.getElementById('monitor').innerText`;
    await becomesTrue(page, `${monitor}.includes('The monitor could not be loaded: the hub is not reachable.')`);
    // Who asks again while nothing has changed is told the same.
    await page.click('#monitor button');
    await becomesTrue(page, `${monitor}.includes('The monitor could not be loaded: the hub is not reachable.')`);
    expect(await page.evaluate(`document.getElementById('toasts').innerText`)).to.equal('');
    await context.unroute('**/assets/monitor-*');
    await context.setOffline(false);
    await becomesTrue(page, SHOWN);
    expect(
      await page.evaluate(`getComputedStyle(document.querySelector('[data-figure]').parentElement).display`),
    ).to.equal('grid');
    await context.close();
    desk.expectNoComplaints(
      /ERR_|WebSocket|Failed to fetch dynamically imported module|Unable to preload CSS|could not be loaded/,
    );
  });

  it('can be left where an item that is missing has the whole screen', async () => {
    const context = await desk.context({ viewport: { width: 360, height: 740 } });
    await context.route('**/assets/item-panel-*', (route) => route.abort());
    const page = await desk.open('alice', { context, place: '#/all/1' });
    await becomesTrue(
      page,
      `document.body.innerText.includes('The item could not be loaded: the hub did not give it.')`,
    );
    expect(await page.evaluate(`document.elementFromPoint(20, 200).closest('.missing') !== null`)).to.equal(true);
    await page.click('.missing button:last-child');
    await becomesTrue(page, `document.querySelector('.missing') === null && ${COUNT} >= 1`);
    await context.close();
    desk.expectNoComplaints(
      /ERR_|Failed to fetch dynamically imported module|Unable to preload CSS|could not be loaded/,
    );
  });
});

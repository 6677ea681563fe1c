// The client in a browser, as a front-end team would ship it: from a site of its own, and from the hub's own address.
import { expect } from 'chai';
import { holds, isConnected, sawEvents, type Site, startSite } from './site.js';

describe('a page with the client', function () {
  this.timeout(60_000);
  let site: Site;
  before(async () => {
    site = await startSite();
  });
  after(() => site.close());

  it('of another origin shows what there is and what comes, and the console stays empty', async () => {
    await site.hub.item();
    const context = await site.context();
    const page = await site.tab(context, 'alice');
    await isConnected(page);
    await site.hub.item();
    await sawEvents(page, 1);
    expect(await page.evaluate(() => window.desk.ids())).to.deep.equal([2, 1]);
    const claimed = await page.evaluate(async () => (await window.desk.client.claim(1)).assigned_to);
    expect(claimed).to.equal('alice');
    await sawEvents(page, 2);
    expect(await page.evaluate(() => window.desk.seen)).to.deep.equal(['2:1', '1:2']);
    expect(await page.evaluate(() => window.desk.errors)).to.deep.equal([]);
    expect(site.complaints).to.deep.equal([]);
    await context.close();
  });

  it("of the hub's own origin works without being named anywhere", async () => {
    const context = await site.context();
    const address = `${site.hub.url}/desk`;
    await context.route(address, (route) => route.fulfill({ contentType: 'text/html', body: site.html }));
    const page = await site.tab(context, 'alice', {}, address);
    await isConnected(page);
    await site.hub.item();
    await sawEvents(page, 1);
    expect(await page.evaluate(() => window.desk.ids())).to.deep.equal([3, 2, 1]);
    expect(site.complaints).to.deep.equal([]);
    await context.close();
  });

  it('of an origin that the hub does not know gets nothing, and says why', async () => {
    const context = await site.context();
    const address = 'http://elsewhere.example/';
    await context.route(address, (route) => route.fulfill({ contentType: 'text/html', body: site.html }));
    const page = await site.tab(context, 'alice', {}, address);
    await holds(page, () => window.desk.states.some(({ code }) => code === 'unreachable'), undefined);
    expect(await page.evaluate(() => window.desk.ids())).to.deep.equal([]);
    expect(await page.evaluate(() => window.desk.seen)).to.deep.equal([]);
    await context.close();
  });
});

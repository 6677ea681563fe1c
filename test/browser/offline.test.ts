// The network goes and comes back.
import { expect } from 'chai';
import { holds, isConnected, sawEvents, type Site, startSite } from './site.js';

describe('a page whose network goes away', function () {
  this.timeout(60_000);
  let site: Site;
  before(async () => {
    site = await startSite();
  });
  after(() => site.close());

  it('says so, and catches up as soon as it is back, with nothing missed and nothing twice', async () => {
    const { submission_id: first } = await site.hub.item();
    const context = await site.context();
    // Waits that nobody would sit through: only the browser's word can be what brings it back.
    const page = await site.tab(context, 'alice', { backoff: { minMs: 3_600_000, maxMs: 3_600_000 } });
    await isConnected(page);
    const { submission_id: second } = await site.hub.item();
    await sawEvents(page, 1);

    await context.setOffline(true);
    await holds(page, () => window.desk.states.some(({ name }) => name === 'offline'), undefined);
    const { submission_id: third } = await site.hub.item();
    await site.hub.call('POST', `/api/workitems/${first}/claim`, await site.hub.token('bob'));
    const refused = await page.evaluate(
      (id) =>
        window.desk.client.claim(id).then(
          () => 'claimed',
          (error: { code: string }) => error.code,
        ),
      second,
    );
    expect(refused).to.equal('offline');
    expect(await page.evaluate(() => window.desk.ids()), 'the screen as it was').to.deep.equal([second, first]);

    await context.setOffline(false);
    await isConnected(page);
    await sawEvents(page, 3);
    expect(await page.evaluate(() => window.desk.seen)).to.deep.equal([`${second}:1`, `${third}:1`, `${first}:2`]);
    expect(await page.evaluate(() => window.desk.ids())).to.deep.equal([third, second]);
    expect(await page.evaluate(() => window.desk.missed)).to.deep.equal([false, false]);
    const { submission_id: fourth } = await site.hub.item();
    await sawEvents(page, 4);
    expect(await page.evaluate(() => window.desk.ids())).to.deep.equal([fourth, third, second]);
    // The browser itself speaks of failed requests.
    expect(site.complaints.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED'))).to.deep.equal([]);
    await context.close();
  });
});

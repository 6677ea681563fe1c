// What the browser keeps for the desk may be of an older desk, or of anybody: the page stands all the same.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { type Desk, openDesk, ROWS, STATE } from './desk.js';

const JUNK: Record<string, unknown[]> = {
  views: [null, {}, 1, 'x', [null], [1], [{ name: { a: 1 }, hash: '#/x' }], [{ name: 'a', hash: 5 }]],
  columns: [null, [], { widths: null, shown: null }, { widths: { insured: 'x', none: 1, limit: 1e99 }, shown: 5 }],
  preferences: [null, [], 1, { theme: { a: 1 }, density: [], notify: 'x', sound: {} }],
  panel: [null, [], { width: 'x' }, { width: 1e99 }, { width: -5 }, { width: {} }],
};

describe('what the browser keeps for the desk', function () {
  this.timeout(120_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await desk.hub.item();
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  it('may be junk', async () => {
    const page = await desk.open('alice', { place: '#/all/1' });
    const rounds = Math.max(...Object.values(JUNK).map(({ length }) => length));
    for (let round = 0; round < rounds; round++) {
      const kept = Object.entries(JUNK).map(([name, values]) => [name, values[round % values.length]] as const);
      for (const [name, value] of kept) {
        await page.evaluate(`localStorage.setItem('desk.${name}', ${JSON.stringify(JSON.stringify(value))})`);
      }
      await page.reload();
      await becomesTrue(page, `${STATE} === 'live' && ${ROWS} === 1 && document.getElementById('item') !== null`);
      const widths = `[document.querySelector('#items [data-id]').offsetWidth, document.getElementById('item').offsetWidth]`;
      for (const width of await page.evaluate<number[]>(widths)) {
        expect(width, JSON.stringify(kept)).to.be.within(360, 1_440);
      }
      await page.click('#views');
      await becomesTrue(page, `document.querySelector('#views-menu form') !== null`);
    }
    await desk.leave(page);
  });

  it('keeps what makes sense in it', async () => {
    const page = await desk.open('alice');
    const views = [null, { name: 'Mine', hash: '#/mine' }, { name: 'Mine', hash: '#/mine?q=x' }];
    await page.evaluate(`localStorage.setItem('desk.views', ${JSON.stringify(JSON.stringify(views))})`);
    await page.reload();
    await becomesTrue(page, `${STATE} === 'live'`);
    await page.click('#views');
    await page.getByRole('button', { name: 'Mine', exact: true }).last().click();
    await becomesTrue(page, `location.hash === '#/mine?q=x'`);
    await desk.leave(page);
  });

  it('lets nobody in as who is there no more', async () => {
    const page = await (await desk.context()).newPage();
    await page.goto(desk.hub.url);
    await page.evaluate(`sessionStorage.setItem('demo', 'nobody')`);
    await page.reload();
    await becomesTrue(page, `document.getElementById('sign-in')?.innerText.includes('as this person any more')`);
    expect(await page.evaluate(`sessionStorage.getItem('demo')`)).to.equal(null);
    await page.context().close();
    // The browser notes each refusal by itself.
    desk.expectNoComplaints(/400 \(Bad Request\)/);
  });

  const REFUSALS = {
    'forbid it': `for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
    }`,
    'be full': `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };`,
  };
  for (const [what, script] of Object.entries(REFUSALS)) {
    it(`is remembered by the page where the browser may ${what}`, async () => {
      const context = await desk.context();
      await context.addInitScript(script);
      const page = await desk.open('alice', { context });
      await becomesTrue(page, `${ROWS} === 1`);
      await page.click('#settings');
      await page.click('#sign-out');
      await page.getByRole('button', { name: /Alice Ashdown/ }).click();
      await becomesTrue(page, `${STATE} === 'live' && ${ROWS} === 1`);
      await context.close();
    });
  }
});

// What the desk says to whoever looks elsewhere: as a notification and by a sound, each by choice.
import { expect } from 'chai';
import type { BrowserContext } from 'playwright-core';
import { becomesTrue, type Page } from '../support/chromium.js';
import { until } from '../support/until.js';
import { COUNT, type Desk, openDesk } from './desk.js';

/** Counts what the browser is asked to show and to play; `away` is where the person looks. */
const WATCH = `
  window.away = false; window.shown = []; window.notes = 0; window.asked = 0;
  Object.defineProperties(document, {
    hidden: { configurable: true, get: () => window.away },
    visibilityState: { configurable: true, get: () => (window.away ? 'hidden' : 'visible') },
  });
  const Original = window.Notification;
  window.Notification = class extends Original {
    constructor(title, options) { super(title, options); window.shown.push({ title, body: options.body, it: this }); }
    static requestPermission() { window.asked++; return Original.requestPermission(); }
  };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) { window.notes++; return start.apply(this, when); };
`;
const SHOWN = 'shown.map(({ body }) => body)';
const look = (away: boolean): string => `away = ${away}; document.dispatchEvent(new Event('visibilitychange'))`;

describe('notices of the desk', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  async function open(context: BrowserContext, permitted: boolean): Promise<Page> {
    await context.grantPermissions(permitted ? ['notifications'] : []);
    await context.addInitScript(WATCH);
    const page = await desk.open('alice', { context, teams: ['property'] });
    await page.click('#settings');
    return page;
  }

  async function notify(page: Page): Promise<void> {
    const choice = page.getByLabel('Notifications while I look elsewhere');
    await choice.click();
    // The browser is asked first.
    await until(() => choice.isChecked());
  }

  it('are shown by the browser once they are asked for, to whoever looks elsewhere, and open the item', async () => {
    const context = await desk.context();
    const page = await open(context, true);
    expect(await page.evaluate('asked')).to.equal(0);
    await notify(page);
    expect(await page.evaluate('asked')).to.equal(1);
    await page.keyboard.press('Escape');
    await desk.hub.mail({ subject: 'Seen at once', from: 'jo@b.example', body: 'One.' });
    await becomesTrue(page, `document.getElementById('arrivals').textContent.includes('Seen at once')`);
    expect(await page.evaluate(SHOWN)).to.deep.equal([]);
    await page.evaluate(look(true));
    await desk.hub.mail({ subject: 'While away', from: 'jo@b.example', body: 'Two.' });
    await becomesTrue(page, `${SHOWN}.join() === 'New: While away'`);
    expect(await page.title()).to.equal('(1) Work items');
    await page.evaluate(`shown[0].it.onclick()`);
    await becomesTrue(page, `document.getElementById('item')?.innerText.includes('While away') === true`);
    await page.evaluate(look(false));
    expect(await page.title()).to.equal('Work items');
    await context.close();
  });

  it('are not made of what one does oneself', async () => {
    const context = await desk.context();
    const page = await open(context, true);
    await notify(page);
    await page.getByLabel('A short sound for new items').check();
    await page.reload();
    await becomesTrue(page, `${COUNT} > 0`);
    await page.evaluate(look(true));
    const own = await desk.hub.token('alice', { teams: ['property'] });
    const { body } = await desk.hub.call<{ items: { id: number; subject: string }[] }>('GET', '/api/workitems', own);
    const [mine] = body.items;
    expect((await desk.hub.call('POST', `/api/workitems/${mine?.id}/claim`, own, {})).status).to.equal(200);
    await becomesTrue(page, `document.querySelector('[data-queue=mine]').innerText.includes('1')`);
    expect(await page.evaluate('notes')).to.equal(0);
    // Whatever comes after it is told, and nothing before.
    await desk.hub.mail({ subject: 'Of somebody else', from: 'jo@b.example', body: 'Three.' });
    await becomesTrue(page, `${SHOWN}.join() === 'New: Of somebody else'`);
    expect(await page.evaluate('notes')).to.equal(2);
    await context.close();
  });

  it('that the browser forbids stay off, which is said in words', async () => {
    const context = await desk.context();
    const page = await open(context, false);
    await page.getByLabel('Notifications while I look elsewhere').click();
    await becomesTrue(page, `/This browser blocks notifications|Notifications stay off/.test(document.body.innerText)`);
    expect(await page.getByLabel('Notifications while I look elsewhere').isChecked()).to.equal(false);
    await page.evaluate(look(true));
    await desk.hub.item();
    await becomesTrue(page, `document.title === '(1) Work items'`);
    await becomesTrue(page, `document.getElementById('arrivals').textContent !== ''`);
    expect(await page.evaluate(SHOWN)).to.deep.equal([]);
    await context.close();
  });

  it('make a sound where that is chosen, once for many', async () => {
    const context = await desk.context();
    const page = await open(context, false);
    await desk.hub.item();
    await becomesTrue(page, `document.getElementById('arrivals').textContent !== ''`);
    expect(await page.evaluate('notes')).to.equal(0);
    // Once to hear it.
    await page.getByLabel('A short sound for new items').check();
    expect(await page.evaluate('notes')).to.equal(2);
    await page.reload();
    await becomesTrue(page, `${COUNT} > 0`);
    const count = Number(await page.evaluate(COUNT));
    await desk.hub.call('POST', '/api/test/workitem', undefined, { count: 20 });
    await becomesTrue(page, `${COUNT} === ${count + 20}`);
    expect(await page.evaluate('notes')).to.equal(2);
    await context.close();
  });
});

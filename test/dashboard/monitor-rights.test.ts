// Who may look at the monitor, and what each may do there; nobody meets an error.
import { expect } from 'chai';
import { becomesTrue, type Page } from '../support/chromium.js';
import { violations } from './axe.js';
import { type Desk, openDesk, STATE } from './desk.js';
import { SHOWN } from './monitor-page.js';

/** Neither the page nor one of its tables goes on at the side. */
const NOTHING_BESIDE = `[...document.querySelectorAll('html, header, #monitor, #monitor [role=region]')].every((one) => one.scrollWidth <= one.clientWidth)`;
/** The row as it is painted while it is pointed at. */
const GROUND = (row: string) =>
  `getComputedStyle(document.querySelector('#teams [data-row="${row}"]')).backgroundColor`;

describe('the rights at the monitor', function () {
  this.timeout(90_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await desk.hub.call('POST', '/api/test/workitem', undefined, { count: 12, assigned_to: 'bob', team: 'property' });
    await desk.hub.item();
    await desk.hub.call('GET', '/api/workitems', await desk.hub.token('bob'));
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  const hasLink = (page: Page) => page.evaluate(`document.getElementById('monitor-link') !== null`);
  const acts = (page: Page) => page.evaluate(`document.querySelectorAll('[data-act]').length`);
  /** What the palette offers for "monitor". */
  async function offered(page: Page): Promise<boolean> {
    await page.keyboard.press('Control+k');
    await becomesTrue(page, `document.activeElement?.hasAttribute('cmdk-input')`);
    await page.keyboard.type('go to');
    await becomesTrue(page, `document.querySelectorAll('[cmdk-item]').length >= 3`);
    const found = await page.evaluate<boolean>(
      `[...document.querySelectorAll('[cmdk-item]')].some((one) => one.textContent.includes('Monitor'))`,
    );
    await page.keyboard.press('Escape');
    return found;
  }

  it('give an underwriter a plain word, and load nothing', async () => {
    const context = await desk.context();
    const asked: string[] = [];
    context.on('request', (request) => asked.push(request.url()));
    const page = await desk.open('alice', { context, teams: ['property'] });
    expect(await hasLink(page)).to.equal(false);
    expect(await offered(page)).to.equal(false);
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    expect(page.url()).to.equal(`${desk.hub.url}/`);
    await page.evaluate(`location.hash = '#/monitor'`);
    const word = `document.getElementById('monitor')?.innerText.includes('The monitor is for supervisors and admins.')`;
    await becomesTrue(page, word);
    await page.reload();
    await becomesTrue(page, `${STATE} === 'live' && ${word}`);
    expect(await violations(page)).to.deep.equal([]);
    await page.getByRole('link', { name: 'Back to the work items' }).click();
    await becomesTrue(page, `document.getElementById('items') !== null`);
    expect(asked.filter((url) => /monitor|statistics|api\/people/.test(url))).to.deep.equal([]);
    await context.close();
  });

  it('let a supervisor look', async () => {
    const page = await desk.open('sue', { roles: ['supervisor'] });
    expect(await hasLink(page)).to.equal(true);
    expect(await offered(page)).to.equal(true);
    await page.click('#monitor-link');
    await becomesTrue(page, SHOWN);
    expect(await acts(page)).to.equal(0);
    // Only what leads somewhere looks so.
    const plain = await page.evaluate<string>(GROUND('property'));
    await page.hover('#teams [data-row=""]');
    expect(await page.evaluate(GROUND(''))).to.equal(plain);
    await page.hover('#teams [data-row=property]');
    await becomesTrue(page, `${GROUND('property')} !== '${plain}'`);
    await desk.leave(page);
  });

  it('let an admin act', async () => {
    const page = await desk.open('ada', { roles: ['admin'], place: '#/monitor' });
    await becomesTrue(page, SHOWN);
    expect(await acts(page)).to.equal(4);
    // Who is not there has no connections to drain.
    expect(await page.evaluate(`document.querySelector('[data-row=bob] [data-act=drain]').disabled`)).to.equal(true);
    await desk.leave(page);
  });

  for (const scheme of ['light', 'dark'] as const) {
    for (const width of [1440, 360]) {
      it(`are shown in a way that everybody can use, ${scheme}, ${width} wide`, async () => {
        const viewport = { width, height: 800 };
        const page = await desk.open('ada', { roles: ['admin'], colorScheme: scheme, viewport, place: '#/monitor' });
        await becomesTrue(page, `${SHOWN} && document.querySelector('canvas') !== null`);
        expect(await violations(page)).to.deep.equal([]);
        await becomesTrue(page, NOTHING_BESIDE);
        // As upright as a tablet is held.
        await page.setViewportSize({ width: Math.min(width, 768), height: 800 });
        await becomesTrue(page, NOTHING_BESIDE);
        await page.click('[data-row=ada] [data-act=revoke]');
        await becomesTrue(page, `document.querySelector('dialog:modal #confirm') !== null`);
        expect(await violations(page), 'dialog').to.deep.equal([]);
        await page.keyboard.press('Escape');
        await becomesTrue(page, `document.querySelector('dialog') === null`);
        expect(await page.evaluate(`document.activeElement.dataset.act`)).to.equal('revoke');
        await desk.leave(page);
      });
    }
  }
});

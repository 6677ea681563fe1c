// Whether everybody can work: axe finds nothing about menus, dialogs and bars in either theme, and nothing is cut off on a phone.
import { expect } from 'chai';
import { becomesTrue, type Page } from '../support/chromium.js';
import { violations } from './axe.js';
import { type Desk, openDesk } from './desk.js';
import { SAID } from './work-seen.js';

const WIDE = `[...document.querySelectorAll('html, dialog, #item, #bulk, #item-actions, [role=menu], [cmdk-list], #toasts > *')].filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.outerHTML.slice(0, 80)).join()`;

describe('access to work at the desk', function () {
  this.timeout(120_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    const { hub } = desk;
    for (const sub of ['alice', 'bob']) await hub.call('GET', '/api/workitems', await hub.token(sub));
    const insured_name = 'The Very Long Name of an Insured Company of Llanfairpwllgwyngyllgogerychwyrndrobwll and Sons';
    await hub.call('POST', '/api/test/workitem', undefined, { insured_name, count: 8 });
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  let next = 1;

  async function isFine(page: Page, screen: string): Promise<void> {
    expect(await violations(page), screen).to.deep.equal([]);
    expect(await page.evaluate(WIDE), screen).to.equal('');
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1440, 360]) {
      it(`is free of what axe finds, ${colorScheme}, ${width} wide`, async () => {
        const viewport = { width, height: 800 };
        const page = await desk.open('alice', { colorScheme, viewport, place: `#/all/${next++}` });
        await page.click('#usual');
        await becomesTrue(page, `/is yours/.test(${SAID})`);
        await isFine(page, 'actions and what was said');
        await page.click('#item-status');
        await becomesTrue(page, `document.activeElement?.getAttribute('role') === 'menuitem'`);
        await isFine(page, 'menu of steps');
        await page.keyboard.type('dec');
        await page.keyboard.press('Enter');
        await becomesTrue(page, `document.activeElement?.id === 'reason'`);
        await page.keyboard.press('Control+Enter');
        await isFine(page, 'reason');
        await desk.leave(page);

        const sam = await desk.open('sam', { colorScheme, viewport, roles: ['supervisor'] });
        await sam.keyboard.press('j');
        await sam.keyboard.press('Shift+J');
        await becomesTrue(sam, `document.getElementById('bulk') !== null`);
        await isFine(sam, 'several selected');
        await sam.keyboard.press('a');
        await becomesTrue(sam, `document.querySelector('[data-person]') !== null`);
        await isFine(sam, 'assign');
        await desk.leave(sam);
      });
    }
  }
});

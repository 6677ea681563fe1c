// Whether everybody can use the desk: axe finds nothing on any screen in either theme, and no width is scrolled sideways.
import { expect } from 'chai';
import { becomesTrue, type Page } from '../support/chromium.js';
import { violations } from './axe.js';
import { type Desk, openDesk } from './desk.js';
import { file, PNG, receive, sample } from './mails.js';

describe('access to the desk', function () {
  this.timeout(90_000);
  let desk: Desk;
  /** An item with all that one may have. */
  let full: number;
  before(async () => {
    desk = await openDesk();
    await desk.hub.call('POST', '/api/test/workitem', undefined, { count: 30 });
    await desk.hub.item({ assigned_to: 'alice', team: 'property' });
    await desk.hub.mail({ subject: 'x'.repeat(998), from: `jo@${'long.'.repeat(20)}example.com`, body: 'One.' });
    await receive(desk, sample('07-flat-encoded'));
    full = await receive(desk, {
      ...sample('07-flat-encoded'),
      subject: 'Again: Weftgate Mill Estates Ltd, see https://b.example',
      attachments: [file('plan.png', 'image/png', PNG), file('list.csv', 'text/csv', 'a,b')],
    });
    await desk.hub.mail({ subject: 'A mail', from: 'jo@b.example', body: 'Limit: AUD 2,000,000,000.50' });
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  const SCREENS: Record<string, (page: Page) => Promise<void>> = {
    list: async () => {},
    'item beside the list': async (page) => {
      await page.click('#items [data-index="1"]');
      await becomesTrue(page, `document.getElementById('item') !== null`);
    },
    'item with all that there may be': async (page) => {
      await page.evaluate(`location.hash = '#/all/${full}'`);
      await becomesTrue(
        page,
        `['#item mark', '#history li', '#duplicate', '#item [data-similar]', '#item [data-attachment]'].every((name) => document.querySelector(name) !== null)`,
      );
      await page.hover('#item [data-field=broker]');
    },
    attachment: async (page) => {
      await page.evaluate(`location.hash = '#/all/${full}'`);
      await page.getByLabel('Look at plan.png').click();
      await becomesTrue(page, `document.querySelector('#preview img') !== null`);
    },
    'item that is not there': async (page) => {
      // The dialog of the screen before closes first.
      await page.evaluate(`location.hash = '#/all/999999'`);
      await becomesTrue(page, `document.getElementById('gone') !== null`);
    },
    filter: (page) => page.click('[data-filter=status] button'),
    views: (page) => page.click('#views'),
    columns: (page) => page.click('#columns'),
    settings: (page) => page.click('#settings'),
    palette: async (page) => {
      await page.keyboard.press('Control+k');
      await becomesTrue(page, `document.activeElement?.hasAttribute('cmdk-input')`);
    },
    'palette of what is not possible': async (page) => {
      await page.keyboard.press('Control+k');
      await becomesTrue(page, `document.activeElement?.hasAttribute('cmdk-input')`);
      await page.keyboard.type('assign');
      await becomesTrue(page, `document.querySelector('[cmdk-item][aria-disabled=true]') !== null`);
    },
    help: async (page) => {
      await page.keyboard.press('?');
      await becomesTrue(page, `document.getElementById('help') !== null`);
    },
    'empty list': (page) => page.evaluate(`location.hash = '#/all?q=nowhere'`).then(() => {}),
    'empty queue': async (page) => {
      await page.evaluate(`location.hash = '#/mine?class=Cyber'`);
      await becomesTrue(page, `document.body.innerText.includes('Nothing in Mine fits the filters.')`);
    },
    'signed out': async (page) => {
      await page.click('#settings');
      await page.click('#sign-out');
      await becomesTrue(page, `document.querySelector('#sign-in') !== null`);
    },
  };

  for (const scheme of ['light', 'dark'] as const) {
    for (const width of [1440, 360]) {
      it(`is free of what axe finds, ${scheme}, ${width} wide`, async () => {
        const page = await desk.open('alice', { colorScheme: scheme, viewport: { width, height: 800 } });
        for (const [name, show] of Object.entries(SCREENS)) {
          await show(page);
          expect(await violations(page), name).to.deep.equal([]);
          await page.keyboard.press('Escape');
        }
        await desk.leave(page);
      });
    }
  }

  it('needs no scrolling sideways, whatever a mail says', async () => {
    const page = await desk.open('alice');
    await becomesTrue(page, `document.querySelectorAll('#items [data-id]').length > 3`);
    for (const width of [3840, 1280, 920, 768, 390, 360, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await becomesTrue(
        page,
        `['html', '#items', 'header', 'main'].every((name) => [...document.querySelectorAll(name)].every((it) => it.scrollWidth <= it.clientWidth + 1))`,
      );
      await page.evaluate(`location.hash = '#/all/${full}'`);
      await becomesTrue(page, `document.querySelector('#item mark') !== null`);
      await becomesTrue(
        page,
        `['html', '#item', '#item header', '#mail-text'].every((name) => { const it = document.querySelector(name); return it.scrollWidth <= it.clientWidth + 1; })`,
      );
      await page.keyboard.press('Escape');
      await becomesTrue(page, `document.getElementById('item') === null`);
      // Amounts and days are whole: cut off, they would be others.
      await becomesTrue(
        page,
        `[...document.querySelectorAll('[data-column=limit], [data-column=effective], [data-column=age]')].every((it) => it.scrollWidth <= it.clientWidth)`,
      );
    }
    await desk.leave(page);
  });
});

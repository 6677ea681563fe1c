// The page behind the sign-in links, in a real browser on a real hub.
import { expect } from 'chai';
import { becomesTrue, type Browser, type Page, startChromium } from '../support/chromium.js';
import { startHub, type TestHub } from '../support/hub.js';

const STATE = `document.getElementById('connection').dataset.state`;

describe('the desk', function () {
  this.timeout(60_000);
  let hub: TestHub;
  let browser: Browser;
  before(async () => {
    browser = await startChromium();
    hub = await startHub();
  });
  after(async () => {
    await browser?.close();
    await hub?.close();
  });

  async function open(sub: string, width: number): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    await page.goto(`${hub.url}/#token=${await hub.token(sub)}`);
    await becomesTrue(page, `document.readyState === 'complete' && ${STATE} === 'live'`);
    return page;
  }
  const rowsOf = (page: Page) => page.evaluate<number>(`document.querySelectorAll('#items tr').length`);

  it('is never wider than its window, whatever a mail says', async () => {
    await hub.mail({ subject: 'x'.repeat(998), from: `jo@${'long.'.repeat(20)}example.com`, body: 'One.' });
    await hub.mail({ subject: 'A mail', from: 'jo@b.example', body: 'Limit: AUD 2,000,000,000.50' });
    const page = await open('alice', 1280);
    expect(await rowsOf(page)).to.equal(2);
    for (const width of [1280, 920, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      // Neither the window nor a part of it has anything to scroll to, and no card holds more than it shows.
      const overflowing = await page.evaluate(
        `['html', 'main', '#items tr'].filter((name) => [...document.querySelectorAll(name)].some((it) => it.scrollWidth > it.clientWidth + 1))`,
      );
      expect(overflowing, `at ${width}`).to.deep.equal([]);
      const clipped = await page.evaluate(
        `[...document.querySelectorAll('.solid span')].filter((it) => it.scrollWidth > it.clientWidth && it.clientWidth > 0).length`,
      );
      expect(clipped, `amounts and dates at ${width}`).to.equal(0);
      const heights = await page.evaluate(
        `[...document.querySelectorAll('.solid span')].every((it) => it.getBoundingClientRect().height < 30)`,
      );
      expect(heights, `amounts and dates in one line at ${width}`).to.equal(true);
    }
  });

  it('shows a dash for an empty subject', async () => {
    await hub.mail({ subject: '', from: 'jo@b.example', body: 'No subject.' });
    const page = await open('alice', 1280);
    expect(await page.evaluate(`document.querySelector('#items td').textContent`)).to.equal('–');
  });

  it('says that it is empty again when the last item leaves', async () => {
    const { submission_id } = await hub.item({ assigned_to: 'zoe' });
    const page = await open('zoe', 1280);
    // Hers and those of the pool.
    const boss = await hub.token('boss', { roles: ['supervisor', 'underwriter'] });
    const { body } = await hub.call<{ items: { id: number; version: number }[] }>('GET', '/api/workitems', boss);
    expect(body.items.map(({ id }) => id)).to.include(submission_id);
    expect(await page.evaluate(`document.getElementById('notice').hidden`)).to.equal(true);
    for (const { id, version } of body.items) {
      const { status } = await hub.call('POST', `/api/workitems/${id}/assign`, boss, { assigned_to: 'boss', version });
      expect(status).to.equal(200);
    }
    await becomesTrue(page, `document.querySelectorAll('#items tr').length === 0`);
    expect(await page.evaluate(`document.getElementById('notice').hidden`)).to.equal(false);
    expect(await page.evaluate(`document.getElementById('notice').textContent`)).to.match(/^Nothing here yet/);
  });
});

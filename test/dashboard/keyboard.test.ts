// The desk without a mouse.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { COUNT, type Desk, openDesk } from './desk.js';

const FOCUSED = `document.activeElement?.dataset.index`;

describe('the keyboard at the desk', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await desk.hub.call('POST', '/api/test/workitem', undefined, { count: 50 });
    await desk.hub.item({ assigned_to: 'alice' });
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  it('moves, opens, selects and closes', async () => {
    const page = await desk.open('alice');
    const { keyboard } = page;
    await keyboard.press('j');
    await becomesTrue(page, `${FOCUSED} === '0'`);
    await keyboard.press('ArrowDown');
    await becomesTrue(page, `${FOCUSED} === '1'`);
    await keyboard.press('End');
    await becomesTrue(page, `${FOCUSED} === '50'`);
    await keyboard.press('PageUp');
    await becomesTrue(page, `Number(${FOCUSED}) < 50`);
    await keyboard.press('Home');
    await becomesTrue(page, `${FOCUSED} === '0'`);
    expect(await page.evaluate(`document.querySelectorAll('#items [role=row][tabindex="0"]').length`)).to.equal(1);
    await keyboard.press('x');
    await becomesTrue(page, `document.activeElement.getAttribute('aria-selected') === 'true'`);
    await keyboard.press('Enter');
    await becomesTrue(page, `document.getElementById('item') !== null && /#\\/all\\/\\d+$/.test(location.href)`);
    const first = page.url();
    await keyboard.press('j');
    await becomesTrue(page, `document.getElementById('item') !== null && location.href !== ${JSON.stringify(first)}`);
    await keyboard.press('Escape');
    await becomesTrue(page, `document.getElementById('item') === null && ${FOCUSED} === '1'`);
    await keyboard.press('Escape');
    await becomesTrue(page, `document.querySelectorAll('#items [aria-selected=true]').length === 0`);
    await desk.leave(page);
  });

  it('opens and closes without a trace in the history', async () => {
    const page = await desk.open('alice', { place: '#/pool' });
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await becomesTrue(page, `${COUNT} === 51`);
    for (const index of [0, 1, 2]) {
      await page.click(`#items [data-index="${index}"]`);
      await becomesTrue(page, `/all\\/\\d+$/.test(location.hash)`);
      await page.keyboard.press('Escape');
      await becomesTrue(page, `document.getElementById('item') === null`);
    }
    await page.click('#items [data-index="3"]');
    await becomesTrue(page, `document.getElementById('item') !== null`);
    // The browser's own way back closes as well.
    await page.goBack();
    await becomesTrue(page, `document.getElementById('item') === null && location.hash === ''`);
    await page.goBack();
    await becomesTrue(page, `location.hash === '#/pool'`);
    await page.context().close();
  });

  it('goes to queues, and types letters where one types', async () => {
    const page = await desk.open('alice');
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await becomesTrue(page, `location.hash === '#/mine' && ${COUNT} === 1`);
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await becomesTrue(page, `${COUNT} === 51`);
    await page.keyboard.press('/');
    await page.keyboard.type('gm?');
    expect(await page.inputValue('#search')).to.equal('gm?');
    expect(await page.evaluate(`document.querySelector('dialog') === null`)).to.equal(true);
    await desk.leave(page);
  });

  it('has a palette, and a help made of the table of keys', async () => {
    const page = await desk.open('alice');
    await page.keyboard.press('Control+k');
    await becomesTrue(page, `document.activeElement?.hasAttribute('cmdk-input')`);
    await page.keyboard.type('mine');
    await page.keyboard.press('Enter');
    await becomesTrue(page, `location.hash === '#/mine'`);
    await page.keyboard.press('?');
    await becomesTrue(page, `document.getElementById('help') !== null`);
    expect(await page.evaluate(`document.querySelectorAll('#help dt').length`)).to.be.at.least(17);
    const broken = `[...document.querySelectorAll('#help dd > span')].filter((chord) => new Set([...chord.querySelectorAll('kbd')].map((key) => key.offsetTop)).size > 1 || [...chord.querySelectorAll('kbd')].some((key) => key.scrollHeight > 20)).length`;
    const wide = `Math.round(document.querySelector('dialog').getBoundingClientRect().width)`;
    expect([await page.evaluate(wide), await page.evaluate(broken)]).to.deep.equal([690, 0]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(broken)).to.equal(0);
    await page.keyboard.press('Escape');
    await becomesTrue(page, `document.querySelector('dialog') === null`);
    await desk.leave(page);
  });

  it('says in the palette what cannot be done now, and why', async () => {
    const page = await desk.open('alice');
    const { keyboard } = page;
    const barred = `[...document.querySelectorAll('[cmdk-item][aria-disabled=true]')].map((one) => one.textContent)`;
    const look = async (words: string): Promise<void> => {
      await keyboard.press('Control+k');
      await becomesTrue(page, `document.activeElement?.hasAttribute('cmdk-input')`);
      await keyboard.type(words);
    };
    await look('decline');
    await becomesTrue(page, `${barred}.join() === 'Decline: go to an item first'`);
    // Arrows do not lead there, so it is said.
    await becomesTrue(
      page,
      `document.querySelector('dialog [role=status]').innerText === 'Decline is not possible: go to an item first.'`,
    );
    await keyboard.press('Enter');
    await keyboard.press('Escape');
    await becomesTrue(page, `document.querySelector('dialog') === null`);
    await keyboard.press('End');
    await becomesTrue(page, `${FOCUSED} === '50'`);
    await look('decline');
    await becomesTrue(page, `${barred}.join() === 'Decline: No. 1 is pending, in the pool'`);
    await keyboard.press('Control+a');
    await keyboard.type('assign');
    await becomesTrue(page, `${barred}.join() === 'Assign: only supervisors assign'`);
    await keyboard.press('Control+a');
    await keyboard.type('claim');
    await becomesTrue(page, `document.querySelector('[cmdk-item][aria-selected=true]').innerText.startsWith('Claim ')`);
    expect(await page.evaluate(barred)).to.deep.equal([]);
    await keyboard.press('Escape');
    await desk.leave(page);
  });
});

// Several items at once.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { createLink } from '../support/link.js';
import { COUNT, type Desk, openDesk } from './desk.js';
import { elsewhere, itemOf, SAID } from './work-seen.js';

const BAR = `(document.getElementById('bulk')?.innerText ?? '').replace(/\\s+/g, ' ')`;

describe('several items at the desk', function () {
  this.timeout(90_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    for (let i = 0; i < 9; i++) await desk.hub.item();
  });
  after(() => desk?.close());

  it('are selected by keys, and claimed as far as nobody was faster', async () => {
    const link = await createLink({ target: () => Number(new URL(desk.hub.url).port) });
    const page = await desk.open('alice', { url: `http://127.0.0.1:${link.port}` });
    await becomesTrue(page, `${COUNT} === 9`);
    await page.keyboard.press('j');
    for (let i = 0; i < 8; i++) await page.keyboard.press('Shift+J');
    await becomesTrue(page, `/^9 selected Claim C/.test(${BAR})`);
    await page.keyboard.press('Shift+K');
    await becomesTrue(page, `/^8 selected/.test(${BAR})`);
    await page.keyboard.press('Shift+ArrowDown');
    await becomesTrue(page, `/^9 selected/.test(${BAR})`);
    // What Bob does is not heard of here before the claims are given.
    link.freeze();
    for (const id of [2, 5]) await elsewhere(desk.hub, 'bob', `POST ${id}/claim`, {});
    await page.keyboard.press('c');
    link.thaw();
    await becomesTrue(page, `/7 claimed, 2 were taken by others\\. Show them Undo/.test(${SAID})`);
    await becomesTrue(page, `${COUNT} === 7 && document.getElementById('bulk') === null`);
    await page.getByRole('button', { name: 'Show them' }).click();
    const words = `document.getElementById('refused-dialog')?.innerText ?? ''`;
    await becomesTrue(page, `/bob.* was faster and has .*\\(No\\. 2\\)/i.test(${words}) && /No\\. 5/.test(${words})`);
    await page.keyboard.press('Escape');
    for (let id = 1; id <= 9; id++) {
      expect((await itemOf(desk.hub, id)).assigned_to, `${id}`).to.equal([2, 5].includes(id) ? 'bob' : 'alice');
    }
    await desk.leave(page);
    await link.close();
    desk.expectNoComplaints();
  });

  it('are offered what may be done to all of them, and taken back together', async () => {
    const link = await createLink({ target: () => Number(new URL(desk.hub.url).port) });
    const page = await desk.open('alice', { place: '#/mine', url: `http://127.0.0.1:${link.port}` });
    await becomesTrue(page, `${COUNT} === 7`);
    const { version } = await itemOf(desk.hub, 1);
    await elsewhere(desk.hub, 'alice', 'PATCH 1/status', { status: 'quoted', version });
    await becomesTrue(page, `document.body.innerText.includes('Quoted')`);
    await page.click('#items [role=columnheader] input[type=checkbox]');
    await page.click('#bulk-status');
    const steps = `[...document.querySelectorAll('[role=menu] [data-step]')].map((one) => one.dataset.step).join()`;
    await becomesTrue(page, `${steps} === 'declined,withdrawn'`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    await becomesTrue(page, `/7 released\\. Undo/.test(${SAID}) && ${COUNT} === 0`);
    await page.keyboard.press('u');
    await becomesTrue(page, `/7 undone\\./.test(${SAID}) && ${COUNT} === 7`);
    expect((await itemOf(desk.hub, 1)).status).to.equal('quoted');

    // What is ordered while other orders are under way is counted by itself.
    link.freeze();
    for (const ids of [
      [3, 4, 6],
      [7, 8],
    ]) {
      for (const id of ids) await page.click(`#items [data-id="${id}"] [role=checkbox]`);
      await becomesTrue(page, `${BAR}.includes('${ids.length} selected')`);
      await page.keyboard.press('r');
    }
    await becomesTrue(page, `${BAR} === 'Release: 0 of 3 Release: 0 of 2'`);
    link.thaw();
    await becomesTrue(page, `/3 released\\. Undo/.test(${SAID}) && /2 released\\. Undo/.test(${SAID})`);
    await becomesTrue(page, `${COUNT} === 2 && document.getElementById('bulk') === null`);
    for (const key of 'uu') await page.keyboard.press(key);
    await becomesTrue(page, `/3 undone\\./.test(${SAID}) && /2 undone\\./.test(${SAID})`);
    await desk.leave(page);
    await link.close();
    desk.expectNoComplaints();
  });

  it('share one reason', async () => {
    const page = await desk.open('alice', { place: '#/mine' });
    await becomesTrue(page, `${COUNT} === 7`);
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await becomesTrue(page, `/^2 selected/.test(${BAR})`);
    await page.keyboard.press('s');
    await becomesTrue(page, `document.activeElement?.getAttribute('role') === 'menuitem'`);
    await page.keyboard.press('d');
    await page.keyboard.press('Enter');
    await becomesTrue(page, `document.activeElement?.id === 'reason'`);
    await page.keyboard.type('No appetite.');
    await page.keyboard.press('Control+Enter');
    await becomesTrue(page, `/2 set to declined/.test(${SAID})`);
    await desk.leave(page);
    desk.expectNoComplaints();
  });

  it('are selected on a phone by holding one, and then touching others', async () => {
    const context = await desk.context({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    const page = await desk.open('alice', { context, place: '#/all?status=any' });
    await becomesTrue(page, `${COUNT} === 7`);
    const selected = `document.querySelectorAll('#items [data-id][aria-selected=true]').length`;
    const touch = await context.newCDPSession(page);
    const [x, y] = await page.evaluate<[number, number]>(`(() => {
      const { x, y, width, height } = document.querySelector('#items [data-index="0"]').getBoundingClientRect();
      return [x + width / 2, y + height / 2];
    })()`);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    await becomesTrue(page, `${selected} === 1`);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await page.tap('#items [data-index="1"]');
    await becomesTrue(page, `${selected} === 2 && /^2 selected/.test(${BAR})`);
    expect(await page.evaluate('document.getElementById("item")')).to.equal(null);
    await page.tap('#items [data-index="1"]');
    await page.getByRole('button', { name: 'Clear the selection' }).tap();
    await becomesTrue(page, `${selected} === 0 && document.getElementById('bulk') === null`);
    // Touched without one, an item is opened.
    await page.tap('#items [data-index="1"]');
    await becomesTrue(page, `/^#\\/all\\/\\d/.test(location.hash)`);
    await context.close();
    desk.expectNoComplaints();
  });

  it('are not meant by who reads another one, nor left behind for the monitor', async () => {
    const [selected, , open] = [await desk.hub.item(), await desk.hub.item(), await desk.hub.item()];
    const page = await desk.open('sam', { roles: ['supervisor', 'underwriter'], place: '#/pool' });
    await becomesTrue(page, `${COUNT} === 3`);
    await page.click('#items [data-index="2"] [role=checkbox]');
    await page.click('#items [data-index="0"]');
    await page.click('#item h2');
    await page.keyboard.press('c');
    await becomesTrue(page, `${SAID}.includes('(No. ${open?.submission_id}) is yours') && /^1 selected/.test(${BAR})`);
    expect((await itemOf(desk.hub, Number(selected?.submission_id))).assigned_to).to.equal(null);
    for (const key of 'gs') await page.keyboard.press(key);
    await becomesTrue(page, `document.getElementById('monitor') !== null && document.getElementById('bulk') === null`);
    await page.keyboard.press('c');
    await becomesTrue(page, `/Go to an item first/.test(${SAID})`);
    expect((await itemOf(desk.hub, Number(selected?.submission_id))).assigned_to).to.equal(null);
    await page.context().close();
    desk.expectNoComplaints();
  });
});

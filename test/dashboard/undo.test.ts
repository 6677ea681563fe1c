// Taking back what was done, and never what somebody else did.
import { expect } from 'chai';
import { becomesTrue, type Page } from '../support/chromium.js';
import { createLink } from '../support/link.js';
import { type Desk, openDesk } from './desk.js';
import { elsewhere, historyOf, itemOf, SAID } from './work-seen.js';

describe('undo at the desk', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    for (let i = 0; i < 4; i++) await desk.hub.item();
    await desk.hub.call('GET', '/api/workitems', await desk.hub.token('bob'));
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  const undone = (page: Page): Promise<void> => becomesTrue(page, `/Undone\\./.test(${SAID})`);

  it('gives a claimed item back, and takes a released one again', async () => {
    const page = await desk.open('alice', { place: '#/all/1' });
    await page.keyboard.press('u');
    await becomesTrue(page, `/There is nothing to undo/.test(${SAID})`);
    await page.click('#usual');
    await becomesTrue(page, `/is yours\\. Undo/.test(${SAID})`);
    await page.keyboard.press('u');
    await undone(page);
    expect(await itemOf(desk.hub, 1)).to.include({ assigned_to: null, status: 'pending', version: 3 });
    await page.keyboard.press('c');
    await becomesTrue(page, `document.getElementById('item-release') !== null && /is yours\\. Undo/.test(${SAID})`);
    await page.keyboard.press('r');
    await becomesTrue(page, `/released.* Undo/.test(${SAID})`);
    // What was said of the item before is over.
    expect(await page.getByRole('button', { name: 'Undo' }).count()).to.equal(1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await becomesTrue(page, `/Undone\\. .*in progress, with you/.test(${SAID})`);
    expect(await itemOf(desk.hub, 1)).to.include({ assigned_to: 'alice', status: 'in_progress' });
    await desk.leave(page);
  });

  it('leads back over the steps that lead back', async () => {
    const page = await desk.open('alice', { place: '#/all/1' });
    await becomesTrue(page, `document.getElementById('usual')?.innerText.startsWith('Quote')`);
    await page.keyboard.press('e');
    await becomesTrue(page, `/: quoted\\. Undo/.test(${SAID})`);
    await page.keyboard.press('u');
    await undone(page);
    expect((await historyOf(desk.hub, 1)).slice(-2)).to.deep.equal(['status_set alice', 'status_set alice']);
    expect((await itemOf(desk.hub, 1)).status).to.equal('in_progress');
    // A release of what was quoted is taken back as a whole.
    await page.keyboard.press('e');
    await becomesTrue(page, `/: quoted\\. Undo/.test(${SAID})`);
    await page.keyboard.press('r');
    await becomesTrue(page, `/released.* Undo/.test(${SAID})`);
    await page.keyboard.press('u');
    await becomesTrue(page, `/Undone\\. .*quoted, with you/.test(${SAID})`);
    expect(await itemOf(desk.hub, 1)).to.include({ assigned_to: 'alice', status: 'quoted' });
    await desk.leave(page);
  });

  it('is not offered where nothing leads back', async () => {
    const page = await desk.open('alice', { place: '#/all/1' });
    await becomesTrue(page, `document.getElementById('usual')?.innerText.startsWith('Bind')`);
    await page.click('#usual');
    await becomesTrue(page, `/: bound\\./.test(${SAID})`);
    expect(await page.evaluate(`document.querySelector('#toasts button') === null`)).to.equal(true);
    await desk.leave(page);
  });

  it('never takes back what somebody else has done since, and says why', async () => {
    const link = await createLink({ target: () => Number(new URL(desk.hub.url).port) });
    const page = await desk.open('alice', { url: `http://127.0.0.1:${link.port}`, place: '#/all/2' });
    await page.click('#usual');
    await becomesTrue(page, `/is yours\\. Undo/.test(${SAID})`);
    await elsewhere(desk.hub, 'sam', 'POST 2/assign', { assigned_to: 'bob', version: 2 }, { roles: ['supervisor'] });
    await page.keyboard.press('u');
    await becomesTrue(page, `/This cannot be undone\\. .*\\(No\\. 2\\) .*with bob.* now/i.test(${SAID})`);
    expect(await itemOf(desk.hub, 2)).to.include({ assigned_to: 'bob', version: 3 });
    await desk.leave(page);
    await link.close();
    // What was asked about the item while it went to Bob is not there for Alice; the browser notes it by itself.
    desk.expectNoComplaints(/status of 404/);
  });
});

// Working on one item: claim, release, status, reasons.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { until } from '../support/until.js';
import { type Desk, openDesk } from './desk.js';
import { cell, historyOf, itemOf, SAID } from './work-seen.js';

const STEPS = `[...document.querySelectorAll('[role=menu] [data-step]')].map((one) => one.dataset.step).join()`;
const ACTIONS = `[...document.querySelectorAll('#item-actions button')].map((one) => one.innerText.split(/\\s/)[0]).join()`;

describe('work at the desk', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    for (let i = 0; i < 6; i++) await desk.hub.item();
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  it('claims the open item, and says so to everybody', async () => {
    const page = await desk.open('alice', { place: '#/all/1' });
    await becomesTrue(page, `${ACTIONS} === 'Claim'`);
    await page.click('#usual');
    await becomesTrue(page, `/\\(No\\. 1\\) is yours\\. Undo/.test(${SAID})`);
    expect(await page.evaluate(`document.getElementById('toasts').getAttribute('aria-live')`)).to.equal('polite');
    expect(await page.evaluate(cell(1, 'status'))).to.equal('In progress');
    expect(await page.evaluate(`document.getElementById('item').innerText`)).to.contain('With you');
    expect(await itemOf(desk.hub, 1)).to.include({ assigned_to: 'alice', status: 'in_progress', version: 2 });
    // What came in the place of the button is not used by who presses once more.
    expect(await page.evaluate(`document.activeElement.id`)).to.equal('item-actions');
    await desk.leave(page);
  });

  it('offers the steps that come next, and no others', async () => {
    const page = await desk.open('alice', { place: '#/all/1' });
    await becomesTrue(page, `${ACTIONS} === 'Quote,Status,Release'`);
    await page.click('#item-status');
    await becomesTrue(page, `${STEPS} === 'needs_info,referred,quoted,declined,withdrawn'`);
    await page.click('[data-step=quoted]');
    await becomesTrue(page, `${cell(1, 'status')} === 'Quoted'`);
    await page.click('#item-status');
    await becomesTrue(page, `${STEPS} === 'in_progress,bound,declined,withdrawn'`);
    await page.keyboard.press('Escape');
    await until(async () => (await itemOf(desk.hub, 1)).status === 'quoted');
    await page.click('#usual');
    await until(async () => (await itemOf(desk.hub, 1)).status === 'bound');
    await desk.leave(page);
  });

  it('asks for a reason where one is due, and keeps what was written', async () => {
    const page = await desk.open('alice', { place: '#/all/2' });
    await page.click('#usual');
    await becomesTrue(page, `${ACTIONS} === 'Quote,Status,Release'`);
    await page.click('#item-status');
    await page.click('[data-step=declined]');
    await becomesTrue(page, `document.activeElement?.id === 'reason'`);
    expect(await page.getAttribute('#reason', 'maxlength')).to.equal('2000');
    await page.keyboard.type('  ');
    await page.keyboard.press('Control+Enter');
    await becomesTrue(page, `document.getElementById('reason-note').innerText.startsWith('Say why')`);
    await page.keyboard.type('flood plain');
    await page.keyboard.press('Escape');
    await becomesTrue(page, `document.getElementById('reason') === null`);
    expect((await itemOf(desk.hub, 2)).status).to.equal('in_progress');
    await page.click('#item-status');
    await page.click('[data-step=declined]');
    await becomesTrue(page, `document.getElementById('reason')?.value.trim() === 'flood plain'`);
    await page.getByRole('button', { name: 'Decline', exact: false }).click();
    await becomesTrue(page, `/declined/.test(${SAID})`);
    expect((await historyOf(desk.hub, 2)).at(-1)).to.equal('status_set alice flood plain');
    // Only a supervisor leads back from there.
    expect(await page.evaluate(`${SAID}.endsWith('Undo U')`)).to.equal(false);
    await desk.leave(page);
  });

  it('releases', async () => {
    const page = await desk.open('alice', { place: '#/all/3' });
    await page.click('#usual');
    await page.click('#item-release');
    await becomesTrue(page, `${ACTIONS} === 'Claim' && ${cell(3, 'status')} === 'Pending'`);
    await becomesTrue(page, `/released: it is in the pool/.test(${SAID})`);
    expect(await itemOf(desk.hub, 3)).to.include({ assigned_to: null, status: 'pending' });
    await desk.leave(page);
  });

  it('shows nobody what they may not do', async () => {
    const sam = await desk.open('sam', { roles: ['supervisor'], place: '#/all/4' });
    await becomesTrue(sam, `${ACTIONS} === 'Assign'`);
    await sam.evaluate(`location.hash = '#/all/1?status=any'`);
    await becomesTrue(sam, `${ACTIONS} === 'Complete,Status,Assign'`);
    await sam.keyboard.press('?');
    const help = `document.getElementById('help')?.innerText`;
    await becomesTrue(sam, `/\\bAssign\\b/.test(${help}) && !/Claim/.test(${help})`);
    await desk.leave(sam);
    const alice = await desk.open('alice', { place: '#/all/4' });
    await alice.keyboard.press('?');
    await becomesTrue(alice, `/Claim/.test(${help}) && !/Assign/.test(${help})`);
    await desk.leave(alice);
  });

  it('leaves letters to what is typed into, and to dialogs', async () => {
    const page = await desk.open('alice');
    await page.keyboard.press('j');
    await page.keyboard.press('/');
    await page.keyboard.type('crse');
    expect(await page.inputValue('#search')).to.equal('crse');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.keyboard.press('?');
    await becomesTrue(page, `document.querySelector('dialog:modal') !== null`);
    await page.keyboard.press('c');
    await page.keyboard.press('r');
    await page.keyboard.press('Escape');
    await becomesTrue(page, `document.querySelector('dialog') === null`);
    // What was pressed before it had been done before it.
    await page.evaluate(`location.hash = '#/all/5'`);
    await page.click('#usual');
    await becomesTrue(page, `/\\(No\\. 5\\) is yours/.test(${SAID})`);
    expect((await itemOf(desk.hub, 6)).version).to.equal(1);
    await desk.leave(page);
  });
});

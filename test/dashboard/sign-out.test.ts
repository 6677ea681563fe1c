// Going out: nothing that was asked for is lost without a word, and nothing of it is left for the next person.
import { expect } from 'chai';
import { becomesTrue, type Page } from '../support/chromium.js';
import { COUNT, type Desk, openDesk, STATE } from './desk.js';
import { historyOf, SAID } from './work-seen.js';

const SIGNED_OUT = `document.getElementById('sign-in') !== null`;
const UNSENT = `document.getElementById('unsent').innerText`;
const ASKED = `(document.getElementById('leave-dialog')?.innerText ?? '')`;

describe('sign-out at the desk', function () {
  this.timeout(120_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    for (let i = 0; i < 9; i++) await desk.hub.item();
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints(/ERR_CONNECTION|WebSocket|401|503/));

  async function signOut(page: Page): Promise<void> {
    await page.click('#settings');
    await page.click('#sign-out');
  }

  async function signInAs(page: Page, sub: string): Promise<void> {
    await page.evaluate(
      `location.hash = 'token=${await desk.hub.token(sub, { roles: ['underwriter', 'supervisor'] })}'`,
    );
    await becomesTrue(page, `${STATE} === 'live' && ${COUNT} === 9`);
  }

  it('asks first while changes are not sent, all of several among them', async () => {
    const page = await desk.open('alice');
    await becomesTrue(page, `${COUNT} === 9`);
    // Its part of the page is there before the hub goes.
    await page.keyboard.press('Control+k');
    await becomesTrue(page, `document.querySelector('dialog input') !== null`);
    await page.keyboard.press('Escape');
    await desk.hub.hub.close();
    await becomesTrue(page, `${STATE} === 'offline'`, 60_000);
    await page.click('#items [role=columnheader] input[type=checkbox]');
    await page.keyboard.press('c');
    await becomesTrue(page, `${UNSENT}.startsWith('9 changes will be sent')`);
    await signOut(page);
    await becomesTrue(page, `${ASKED}.includes('9 changes were not answered')`);
    await page.click('#stay');
    await becomesTrue(page, `${ASKED} === '' && ${UNSENT}.startsWith('9 changes')`);
    // Nor does a link for somebody else take them along, and one keeps what one was looking at.
    await page.evaluate(`location.hash = '#/all?status=any'`);
    const bob = await desk.hub.token('bob');
    await page.evaluate(`location.hash = 'token=${bob}'`);
    await becomesTrue(page, `/Sign in by the link\\?\\s+9 changes were not answered/.test(${ASKED})`);
    expect(page.url()).to.equal(`${desk.hub.url}/#/all?status=any`);
    await page.click('#stay');
    await becomesTrue(page, `${ASKED} === '' && ${UNSENT}.startsWith('9 changes')`);
    expect(await page.evaluate(`sessionStorage.getItem('token') !== '${bob}'`)).to.equal(true);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('sign out');
    await page.keyboard.press('Enter');
    await becomesTrue(page, `${ASKED} !== ''`);
    await page.click('#leave');
    await becomesTrue(page, SIGNED_OUT);
    await desk.hub.restart();
    // In the same tab: whatever was left behind would be sent for Bob, or by Alice, before he is done.
    await signInAs(page, 'bob');
    await page.evaluate(`location.hash = '#/all/9'`);
    await page.click('#usual');
    await becomesTrue(page, `/is yours/.test(${SAID}) && ${UNSENT} === ''`);
    for (let id = 1; id <= 8; id++) expect(await historyOf(desk.hub, id)).to.deep.equal(['created']);
    expect(await historyOf(desk.hub, 9)).to.deep.equal(['created', 'claimed bob']);
    await desk.leave(page);
  });

  it('does not ask when everything is answered', async () => {
    const page = await desk.open('alice', { place: '#/all/1' });
    await page.click('#usual');
    await becomesTrue(page, `/is yours/.test(${SAID})`);
    await signOut(page);
    await becomesTrue(page, SIGNED_OUT);
    await desk.leave(page);
  });

  it('leaves nothing of what somebody looked for, wrote and chose', async () => {
    const page = await desk.open('alice', { roles: ['underwriter', 'supervisor'], place: '#/all/1?status=any' });
    await page.click('#item-status');
    await page.click('[data-step=declined]');
    await becomesTrue(page, `document.activeElement?.id === 'reason'`);
    await page.keyboard.type('A thought of Alice');
    await page.keyboard.press('Escape');
    await page.click('#items [data-id="3"] [role=checkbox]');
    await becomesTrue(page, `document.getElementById('bulk') !== null`);
    await page.fill('#search', 'item');
    await signOut(page);
    await becomesTrue(page, SIGNED_OUT);
    expect(page.url()).to.equal(`${desk.hub.url}/`);
    expect(await page.evaluate(`JSON.stringify([{ ...sessionStorage }, { ...localStorage }])`)).to.equal('[{},{}]');
    await signInAs(page, 'bob');
    expect(
      await page.evaluate(`document.getElementById('bulk') === null && document.getElementById('search').value`),
    ).to.equal('');
    await page.evaluate(`location.hash = '#/all/1'`);
    await page.click('#item-status');
    await page.click('[data-step=declined]');
    await becomesTrue(page, `document.activeElement?.id === 'reason'`);
    expect(await page.evaluate(`document.getElementById('reason').value`)).to.equal('');
    await desk.leave(page);
  });

  it('of whoever came by a link does not bring back the person of the demonstration before', async () => {
    const page = await desk.page();
    await page.goto(desk.hub.url);
    await page.getByRole('button', { name: /Alice Ashdown/ }).click();
    await becomesTrue(page, `${STATE} === 'live'`);
    await signInAs(page, 'bob');
    await signOut(page);
    await becomesTrue(page, SIGNED_OUT);
    await page.reload();
    await becomesTrue(page, `document.querySelector('#sign-in li') !== null`);
    await desk.leave(page);
  });

  it('by the end of the token says what was not made', async () => {
    const page = await desk.open('carol', { ttl: 8, place: '#/all/5' });
    await becomesTrue(page, `document.getElementById('usual') !== null`);
    await desk.hub.hub.close();
    await becomesTrue(page, `${STATE} === 'offline'`, 60_000);
    await page.click('#usual');
    await becomesTrue(page, `${UNSENT}.startsWith('1 change')`);
    // The hub is away for longer than the token is good; the page may see that by itself.
    const banner = `(document.getElementById('banner')?.innerText ?? '')`;
    await becomesTrue(page, `${banner}.includes('Your session ended')`, 60_000);
    await desk.hub.restart();
    expect(await page.evaluate(banner)).to.include('1 change was not made.');
    await becomesTrue(page, `${SAID}.includes('the session had ended')`);
    expect(await historyOf(desk.hub, 5)).to.deep.equal(['created']);
    await desk.leave(page);
  });
});

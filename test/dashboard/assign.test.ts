// Supervisors give items to people, seeing what each of them has.
import { expect } from 'chai';
import { becomesTrue, type Page } from '../support/chromium.js';
import { until } from '../support/until.js';
import { type Desk, openDesk, STATE } from './desk.js';
import { elsewhere, itemOf, SAID } from './work-seen.js';

const PEOPLE = `[...document.querySelectorAll('[data-person]')].map((one) => one.dataset.person + ' ' + one.querySelector('strong').innerText).join()`;
const CHOSEN = `document.querySelector('#assign-dialog [aria-selected=true]')?.innerText`;

describe('assigning at the desk', function () {
  this.timeout(60_000);
  let desk: Desk;
  let page: Page;
  before(async () => {
    desk = await openDesk();
    const { hub } = desk;
    // Not carol: the desk knows her name from the demonstration, and she has never signed in.
    const people = { alice: ['property'], bob: ['casualty', 'property'], dora: ['cyber'] };
    for (const [sub, teams] of Object.entries(people)) {
      await hub.call('GET', '/api/workitems', await hub.token(sub, { teams }));
    }
    await hub.item({ team: 'property' });
    await hub.item({ team: 'property' });
    for (let i = 0; i < 3; i++) await hub.item({ assigned_to: 'alice' });
    await hub.item({ assigned_to: 'bob' });
    page = await desk.open('sam', { roles: ['supervisor'], place: '#/all/1' });
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  it('shows underwriters by what they have, those of the team first, as it is now', async () => {
    await page.keyboard.press('a');
    await becomesTrue(page, `${PEOPLE} === 'bob 1,alice 3,dora 0'`);
    for (let i = 0; i < 3; i++) await desk.hub.item({ assigned_to: 'bob' });
    await becomesTrue(page, `${PEOPLE} === 'alice 3,bob 4,dora 0'`);
    await page.keyboard.press('Escape');
    await becomesTrue(page, `document.getElementById('assign-dialog') === null`);
  });

  it('takes a few letters and Enter', async () => {
    await page.keyboard.press('a');
    await becomesTrue(page, `document.activeElement?.hasAttribute('cmdk-input')`);
    await page.keyboard.type('dor');
    await becomesTrue(page, `${CHOSEN}?.startsWith('Name of dora')`);
    await page.keyboard.press('Enter');
    await becomesTrue(page, `/\\(No\\. 1\\) is with Name of dora now\\. Undo/.test(${SAID})`);
    expect(await itemOf(desk.hub, 1)).to.include({ assigned_to: 'dora', status: 'pending', team: 'property' });
    await becomesTrue(page, `/With\\s+Name of dora/.test(document.getElementById('item').innerText)`);
    // Who has it is no choice any more.
    await page.keyboard.press('a');
    await becomesTrue(page, `${PEOPLE} === 'alice 3,bob 4'`);
    await page.keyboard.press('ArrowDown');
    await becomesTrue(page, `${CHOSEN}?.startsWith('Name of bob')`);
    await page.keyboard.press('Enter');
    await until(async () => (await itemOf(desk.hub, 1)).assigned_to === 'bob');
  });

  it('gives to a team, and takes back', async () => {
    await becomesTrue(page, `/With\\s+Name of bob/.test(document.getElementById('item').innerText)`);
    await page.keyboard.press('a');
    await becomesTrue(page, `document.activeElement?.hasAttribute('cmdk-input')`);
    const hand = async (to: string): Promise<void> => {
      const { version } = await itemOf(desk.hub, 1);
      await elsewhere(desk.hub, 'chief', 'POST 1/assign', { assigned_to: to, version }, { roles: ['supervisor'] });
    };
    // Somebody is faster: to take it from them is to be meant.
    await hand('alice');
    await becomesTrue(page, `/Name of alice has it by now/.test(document.getElementById('assign-moved').innerText)`);
    await hand('bob');
    await becomesTrue(page, `document.getElementById('assign-moved').innerText === ''`);
    await page.keyboard.type('team cyber');
    await page.keyboard.press('Enter');
    await becomesTrue(page, `/is with the team cyber now/.test(${SAID})`);
    expect(await itemOf(desk.hub, 1)).to.include({ assigned_to: null, team: 'cyber' });
    await page.keyboard.press('u');
    await becomesTrue(page, `/Undone\\..*with Name of bob/.test(${SAID})`);
    expect(await itemOf(desk.hub, 1)).to.include({ assigned_to: 'bob', team: 'property' });
  });

  it('is refused in words when the item has moved on', async () => {
    await page.evaluate(`location.hash = '#/all/2'`);
    await becomesTrue(page, `document.getElementById('item-assign') !== null`);
    await page.context().setOffline(true);
    await becomesTrue(page, `document.getElementById('connection').dataset.state === 'offline'`, 60_000);
    await elsewhere(desk.hub, 'alice', 'POST 2/claim', {}, { teams: ['property'] });
    await page.keyboard.press('a');
    await becomesTrue(page, `document.querySelectorAll('[data-person]').length === 3`);
    await page.keyboard.type('bob');
    await page.keyboard.press('Enter');
    await becomesTrue(page, `/1 change will be sent when the connection is back/.test(document.body.innerText)`);
    await page.context().setOffline(false);
    await becomesTrue(
      page,
      `/\\(No\\. 2\\) has moved on: it is in progress, with Name of alice now/.test(${SAID})`,
      40_000,
    );
    expect((await itemOf(desk.hub, 2)).assigned_to).to.equal('alice');
    desk.expectNoComplaints(/ERR_INTERNET_DISCONNECTED|WebSocket/);
  });

  it('ends when one may not any more', async () => {
    const context = await desk.context();
    let opened = (): void => {};
    const isOpen = new Promise<void>((resolve) => {
      opened = resolve;
    });
    let asked = 0;
    await context.route('**/api/demo/sign-in', async (route) => {
      // The second token is that of an underwriter, and comes when the dialog stands.
      const first = asked++ === 0;
      if (!first) await isOpen;
      const token = await desk.hub.token('sam', first ? { roles: ['supervisor'], ttl: 16 } : {});
      await route.fulfill({ json: { token, expires_at: new Date().toISOString() } });
    });
    const other = await context.newPage();
    await other.goto(desk.hub.url);
    await other.getByRole('button', { name: /Sam Sutherland/ }).click();
    await becomesTrue(other, `${STATE} === 'live'`);
    await other.evaluate(`location.hash = '#/all/3'`);
    await other.click('#item-assign');
    await becomesTrue(other, `document.querySelectorAll('[data-person]').length > 0`);
    opened();
    await becomesTrue(other, `/Your rights have changed/.test(document.getElementById('assign-refused')?.innerText)`);
    expect(await other.evaluate(`document.querySelector('[data-person]')`)).to.equal(null);
    await other.keyboard.press('Enter');
    await becomesTrue(other, `document.querySelector('dialog') === null`);
    await context.close();
  });
});

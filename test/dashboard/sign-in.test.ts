// How people come in and go out.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { type Desk, openDesk, STATE } from './desk.js';

const SIGNED_OUT = `document.getElementById('sign-in') !== null`;

describe('sign-in at the desk', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints(/401|404/));

  it('is by a link whose token leaves the address and stays with the tab', async () => {
    const page = await desk.open('alice', { teams: ['property'] });
    expect(page.url()).to.equal(`${desk.hub.url}/`);
    await page.reload();
    await becomesTrue(page, `${STATE} === 'live'`);
    const other = await page.context().newPage();
    await other.goto(desk.hub.url);
    await becomesTrue(other, SIGNED_OUT);
    await page.click('#settings');
    expect(await page.evaluate(`document.getElementById('who').innerText`)).to.match(
      /Name of alice\s+underwriter, team property/,
    );
    await page.click('#sign-out');
    await becomesTrue(page, SIGNED_OUT);
    await page.reload();
    await becomesTrue(page, SIGNED_OUT);
    await desk.leave(page);
  });

  it('by another link in the same tab makes it another person', async () => {
    await desk.hub.item({ assigned_to: 'alice', subject: 'Only for Alice' });
    const page = await desk.open('alice');
    await becomesTrue(page, `document.getElementById('items').innerText.includes('Only for Alice')`);
    const token = await desk.hub.token('bob');
    await page.evaluate(`location.hash = 'token=${token}'`);
    await becomesTrue(
      page,
      `${STATE} === 'live' && !document.getElementById('items').innerText.includes('Only for Alice')`,
    );
    expect(page.url()).to.equal(`${desk.hub.url}/`);
    await desk.leave(page);
  });

  it('that is refused says so, and shows nothing', async () => {
    const page = await desk.page();
    await page.goto(`${desk.hub.url}/#token=${(await desk.hub.token('alice')).slice(0, -4)}AAAA`);
    const said = `document.querySelector('[role=alert]')?.textContent`;
    await becomesTrue(page, `${SIGNED_OUT} && ${said} === 'This sign-in link is not valid any more.'`);
    expect(await page.evaluate('sessionStorage.length')).to.equal(0);
    await desk.leave(page);
  });

  it('takes one click for a person of the demonstration', async () => {
    const page = await desk.page();
    const people = [{ sub: 'alice', name: 'Alice Ashdown', roles: ['underwriter'], teams: ['property'] }];
    await page.route('**/desk.json', (route) =>
      route.fulfill({ json: { auth: { kind: 'demo', people }, test_controls: true, contract: 1 } }),
    );
    await page.route('**/api/demo/sign-in', async (route) => {
      const { sub } = route.request().postDataJSON() as { sub: string };
      await route.fulfill({ json: { token: await desk.hub.token(sub), expires_at: new Date().toISOString() } });
    });
    await page.goto(desk.hub.url);
    await page.getByRole('button', { name: /Alice Ashdown/ }).click();
    await becomesTrue(page, `${STATE} === 'live'`);
    await page.reload();
    await becomesTrue(page, `${STATE} === 'live'`);
    await desk.leave(page);
  });
});

// Sign-in at a real OpenID Connect provider, in a real browser: in, on, and out again.
import { expect } from 'chai';
import type { BrowserContext } from 'playwright-core';
import { becomesTrue, type Page } from '../support/chromium.js';
import { type OidcProvider, startOidcProvider } from '../support/oidc-provider.js';
import { until } from '../support/until.js';
import { COUNT, type Desk, openDesk, STATE } from './desk.js';

const SIGN_IN = `(document.querySelector('#sign-in button') !== null)`;
const ALERT = `(document.querySelector('[role=alert]')?.innerText ?? '')`;
/** All that this tab keeps. */
const KEPT = `Object.values(sessionStorage).join()`;
const AGAIN = `document.getElementById('sign-in-again') !== null`;

describe('sign-in by OpenID Connect at the desk', function () {
  this.timeout(90_000);
  let provider: OidcProvider;
  let desk: Desk;
  let home: string;
  before(async () => {
    provider = await startOidcProvider();
    provider.people.set('alice', { name: 'Alice Ashdown', roles: ['underwriter'], teams: ['property'] });
    desk = await openDesk(provider.env, [provider.issuer]);
    home = `${desk.hub.url}/`;
    provider.allow(home);
    await desk.hub.item({ team: 'property', subject: 'For the team' });
  });
  beforeEach(() => {
    provider.tokenSeconds = 3_600;
  });
  after(async () => {
    await desk?.close();
    await provider?.down();
  });
  afterEach(() => desk.expectNoComplaints());

  /** Through the provider's page, from the desk's. */
  async function throughProvider(page: Page, name = 'alice'): Promise<void> {
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  async function signIn(context?: BrowserContext, place = ''): Promise<Page> {
    const page = await (context?.newPage() ?? desk.page());
    await page.goto(home + place);
    await throughProvider(page);
    await becomesTrue(page, `${STATE} === 'live'`);
    return page;
  }

  it('leads through the provider and back, and leaves no code in the address or the history', async () => {
    const page = await signIn(undefined, '#/team?sort=-subject');
    await becomesTrue(page, `document.getElementById('items').innerText.includes('For the team')`);
    expect(page.url()).to.equal(`${home}#/team?sort=-subject`);
    await page.click('#settings');
    expect(await page.evaluate(`document.getElementById('who').innerText`)).to.match(
      /Alice Ashdown\s+underwriter, team property/,
    );
    await page.goBack();
    await page.goForward();
    expect(page.url()).to.equal(`${home}#/team?sort=-subject`);
    const context = page.context();
    await page.close();
    // Another tab has its own session, for which the provider asks nothing any more.
    const other = await context.newPage();
    await other.goto(home);
    await becomesTrue(other, SIGN_IN);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await becomesTrue(other, `${STATE} === 'live'`);
    await context.close();
  });

  it('holds over a reload, also with the provider away', async () => {
    const page = await signIn();
    await provider.down();
    await page.reload();
    await becomesTrue(page, `${STATE} === 'live' && ${COUNT} >= 1`);
    await provider.up();
    await desk.leave(page);
  });

  it('is refreshed before its time is over, on the same connection', async () => {
    provider.tokenSeconds = 6;
    const context = await desk.context();
    let sockets = 0;
    context.on('page', (page) => page.on('websocket', () => sockets++));
    const page = await signIn(context);
    await page.evaluate(`window.states = []; new MutationObserver(() => states.push(${STATE})).observe(
      document.getElementById('connection'), { attributes: true, childList: true, subtree: true })`);
    const before = provider.granted.refresh_token ?? 0;
    const first = await page.evaluate(KEPT);
    // Both have replaced a token that would have been dead by the second.
    await until(() => (provider.granted.refresh_token ?? 0) >= before + 3, 40_000);
    await desk.hub.item({ team: 'property', subject: 'After the refresh' });
    await becomesTrue(page, `document.getElementById('items').innerText.includes('After the refresh')`);
    expect(await page.evaluate(KEPT)).to.not.equal(first);
    expect(await page.evaluate('states')).to.deep.equal([]);
    expect([sockets, provider.refused]).to.deep.equal([1, 0]);
    await context.close();
  });

  it('that the provider refuses to go on with leaves the list readable, and comes back to the same place by one click', async () => {
    provider.tokenSeconds = 6;
    const page = await signIn(undefined, '#/team');
    await becomesTrue(page, `${COUNT} >= 1`);
    const count = await page.evaluate<number>(COUNT);
    provider.forgetRefreshTokens();
    await becomesTrue(page, `${STATE} === 'signed out' && ${AGAIN}`, 40_000);
    expect(await page.evaluate(ALERT)).to.match(/^Your session ended at [\d:]+\. The list stands as it was then\./);
    expect(await page.evaluate(COUNT)).to.equal(count);
    expect(await page.evaluate(KEPT)).to.not.contain('access_token');
    desk.expectNoComplaints(/400 \(Bad Request\)/);
    provider.tokenSeconds = 3_600;
    await page.click('#sign-in-again');
    await becomesTrue(page, `${STATE} === 'live' && ${COUNT} === ${count}`);
    expect(page.url()).to.equal(`${home}#/team`);
    await desk.leave(page);
  });

  it('in a tab that was duplicated leaves the first one its refresh token', async () => {
    provider.tokenSeconds = 6;
    const page = await signIn();
    const { refused } = provider;
    const [copy] = await Promise.all([
      page.context().waitForEvent('page'),
      page.evaluate('void window.open(location.href)'),
    ]);
    // Such a tab begins with a copy of what the first one keeps.
    await becomesTrue(copy, `${STATE} === 'signed out' && ${AGAIN}`, 40_000);
    const before = provider.granted.refresh_token ?? 0;
    await until(() => (provider.granted.refresh_token ?? 0) > before, 40_000);
    expect(await page.evaluate(STATE)).to.equal('live');
    await copy.click('#sign-in-again');
    await becomesTrue(copy, `${STATE} === 'live'`);
    expect(provider.refused).to.equal(refused);
    await desk.leave(page);
  });

  it('ends at the provider too, and in every tab', async () => {
    const page = await signIn();
    const other = await page.context().newPage();
    await other.goto(home);
    await becomesTrue(other, SIGN_IN);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await becomesTrue(other, `${STATE} === 'live'`);
    const before = provider.sessions();
    await page.click('#settings');
    await page.click('#sign-out');
    await becomesTrue(other, `${SIGN_IN} && ${ALERT} === 'You have signed out in another tab.'`);
    await page.getByRole('button', { name: 'Yes, sign me out' }).click();
    await becomesTrue(page, SIGN_IN);
    expect(page.url()).to.equal(home);
    expect(provider.sessions()).to.equal(before - 1);
    for (const tab of [page, other]) {
      expect(await tab.evaluate(KEPT)).to.not.contain('token');
      await tab.reload();
      await becomesTrue(tab, SIGN_IN);
    }
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Name').waitFor();
    await desk.leave(page);
  });

  it('is over on every device by one click on one of them, and the others show nothing more', async () => {
    const [here, there] = [await signIn(), await signIn()];
    await becomesTrue(there, `${COUNT} >= 1`);
    await here.click('#settings');
    await here.click('#sign-out-everywhere');
    await here.getByRole('button', { name: 'Yes, sign me out' }).click();
    await becomesTrue(here, SIGN_IN);
    await becomesTrue(there, `${SIGN_IN} && ${ALERT} === 'Your session has been ended. Please sign in again.'`);
    // Nor by its refresh token.
    await there.reload();
    await becomesTrue(there, SIGN_IN);
    await there.getByRole('button', { name: 'Sign in' }).click();
    await becomesTrue(there, `${STATE} === 'live'`);
    await desk.leave(here);
    await desk.leave(there);
  });

  it('with a provider that is away, or that says no, says so in words and can be tried again', async () => {
    const page = await desk.page();
    await provider.down();
    await page.goto(home);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await becomesTrue(
      page,
      `${ALERT}.startsWith('The sign-in service (${new URL(provider.issuer).host}) cannot be reached.')`,
    );
    desk.expectNoComplaints(/ERR_CONNECTION_REFUSED/);
    await provider.up();
    await throughProvider(page, 'mallory');
    await becomesTrue(page, `${ALERT} === 'The sign-in service has refused: This person is not known.'`);
    expect(page.url()).to.equal(home);
    await throughProvider(page);
    await becomesTrue(page, `${STATE} === 'live'`);
    await desk.leave(page);
  });
});

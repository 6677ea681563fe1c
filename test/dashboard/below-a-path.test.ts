// The desk behind a balancer that has the hub below a path: all that the page asks for is below that path too.
import { expect } from 'chai';
import { becomesTrue, type Page } from '../support/chromium.js';
import { type OidcProvider, startOidcProvider } from '../support/oidc-provider.js';
import { type PathProxy, startPathProxy } from '../support/path-proxy.js';
import { type Desk, openDesk, STATE } from './desk.js';

const BELOW = '/desk/underwriting/';

describe('the desk below a path', function () {
  this.timeout(90_000);
  let provider: OidcProvider;
  let desk: Desk;
  let proxy: PathProxy;
  before(async () => {
    provider = await startOidcProvider();
    provider.people.set('alice', { name: 'Alice Ashdown', roles: ['underwriter'], teams: [] });
    const besides = [provider.issuer];
    desk = await openDesk({ ...provider.env, TRUST_PROXY: 'loopback' }, besides);
    proxy = await startPathProxy(desk.hub.url, BELOW);
    besides.push(proxy.url);
    provider.allow(proxy.url + '/');
  });
  after(async () => {
    await proxy?.close();
    await desk?.close();
    await provider?.down();
  });

  it('is loaded, signed in to, and live, with everything below that path', async () => {
    await desk.hub.mail({ subject: 'For everybody', from: 'jo@b.example', body: 'Insured: Acme Ltd' });
    const page: Page = await (await desk.context()).newPage();
    const sockets: string[] = [];
    page.on('websocket', (socket) => sockets.push(socket.url()));
    await page.goto(`${proxy.url}/#/all`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Name').fill('alice');
    await page.getByRole('button', { name: 'Continue' }).click();
    await becomesTrue(
      page,
      `${STATE} === 'live' && document.getElementById('items').innerText.includes('For everybody')`,
    );
    expect(page.url()).to.equal(`${proxy.url}/#/all`);
    expect(sockets).to.have.length(1);
    expect(sockets[0]).to.contain(`${proxy.url.replace('http', 'ws')}/socket.io/`);
    // Parts that are loaded later.
    await page.keyboard.press('Control+k');
    await becomesTrue(page, `document.activeElement?.hasAttribute('cmdk-input') === true`);
    await page.keyboard.press('Escape');
    await page.click('#items [data-id]');
    await becomesTrue(page, `document.getElementById('item')?.innerText.includes('For everybody')`);
    await page.click('#settings');
    await page.click('#sign-out');
    await page.getByRole('button', { name: 'Yes, sign me out' }).click();
    await becomesTrue(page, `document.getElementById('sign-in') !== null`);
    expect(page.url()).to.equal(`${proxy.url}/`);
    await page.context().close();
    desk.expectNoComplaints();
  });
});

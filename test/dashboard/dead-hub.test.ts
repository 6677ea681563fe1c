// A hub that is killed, or that hangs, under a page: the desk says since when it knows nothing, and makes up for it.
import { expect } from 'chai';
import type { BrowserContext } from 'playwright-core';
import { signToken } from '../../src/auth/sign.js';
import { freePort } from '../../src/mongo/mongod.js';
import { becomesTrue, type Browser, type Page, sharedChromium } from '../support/chromium.js';
import { SECRET } from '../support/hub.js';
import { type HubProcess, startHubProcess } from '../support/hub-process.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { COUNT, STATE } from './desk.js';

const BANNER = `(document.getElementById('banner')?.innerText ?? '')`;
const LIST = `(document.getElementById('items')?.innerText ?? '')`;
/** What shows an item is fetched while the list is drawn: who sees the list for longer than a moment has it. */
const PANEL = `performance.getEntriesByType('resource').some(({ name }) => /item-panel/.test(name))`;
const SINCE = `/since ([\\d:]+)/.exec(${BANNER})?.[1]`;

describe('the desk over a hub that dies', function () {
  this.timeout(180_000);
  let database: TestDatabase;
  let browser: Browser;
  let context: BrowserContext;
  let hub: HubProcess;
  let url: string;
  let env: Record<string, string>;
  before(async () => {
    database = await testDatabase();
    env = {
      PORT: String(await freePort()),
      MONGODB_URL: database.url,
      MONGODB_DATABASE: database.name,
      JWT_SECRET: SECRET,
      // What hangs is noticed within 1.8 times of it.
      HEARTBEAT_SECONDS: '2',
    };
    url = `http://127.0.0.1:${env.PORT}`;
    await start();
    browser = await sharedChromium();
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1440, height: 860 }, locale: 'en-GB' });
  });
  afterEach(() => context?.close());
  after(async () => {
    if (hub) {
      hub.child.kill('SIGCONT');
      hub.child.kill('SIGTERM');
      await hub.ended;
    }
    await database?.drop();
  });

  async function start(): Promise<void> {
    hub = startHubProcess(env);
    await hub.printed(/workitem-hub is up/);
  }

  async function item(subject: string): Promise<void> {
    const response = await fetch(`${url}/api/test/workitem`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ subject }),
    });
    expect(response.status).to.equal(200);
  }

  async function open(): Promise<Page> {
    const page = await context.newPage();
    const token = await signToken(SECRET, { sub: 'alice', roles: ['underwriter'], teams: [] }, '1h');
    await page.goto(`${url}/#token=${token}`);
    await becomesTrue(page, `${STATE} === 'live'`);
    return page;
  }

  it('is offline with the time of the last contact, stays readable, and brings in what it missed', async () => {
    await item('Before');
    const page = await open();
    await becomesTrue(page, `${COUNT} === 1 && ${LIST}.includes('Before') && ${PANEL}`);
    expect(await page.evaluate(SINCE)).to.equal(undefined);
    hub.child.kill('SIGKILL');
    await becomesTrue(page, `${STATE} === 'offline' && /^\\d\\d:\\d\\d:\\d\\d$/.test(${SINCE})`);
    expect(await page.evaluate(LIST)).to.contain('Before');
    // Keys that need no hub go on.
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await becomesTrue(page, `document.getElementById('item')?.innerText.includes('Before') === true`);
    await page.keyboard.press('Escape');
    await hub.ended;
    // The page may be back before the items are: so a second hub makes them, on another port.
    const other = startHubProcess({ ...env, PORT: '0' });
    const [, address] = await other.printed(/workitem-hub is up: (http:\S+)/);
    for (const subject of ['First', 'Second', 'Third']) {
      await fetch(`${address?.replace(/\/$/, '')}/api/test/workitem`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ subject }),
      });
    }
    other.child.kill('SIGTERM');
    await other.ended;
    await start();
    await becomesTrue(
      page,
      `${BANNER}.includes('Back. 3 items arrived while you were away: nothing is missing.') && ${STATE} === 'live'`,
      60_000,
    );
    expect(await page.evaluate(SINCE)).to.equal(undefined);
    // Somebody reads: what is new waits until it is asked for.
    await page.keyboard.press('n');
    await becomesTrue(page, `${COUNT} === 4`);
    expect(await page.evaluate(LIST))
      .to.match(/First/)
      .and.match(/Second/)
      .and.match(/Third/);
  });

  it('is offline while the hub hangs, and live again after', async () => {
    const page = await open();
    const count = Number(await page.evaluate(COUNT));
    hub.child.kill('SIGSTOP');
    await becomesTrue(page, `${STATE} === 'offline' || ${STATE} === 'connecting'`, 30_000);
    await becomesTrue(page, `${BANNER}.startsWith('Offline since')`);
    expect(await page.evaluate(COUNT)).to.equal(count);
    hub.child.kill('SIGCONT');
    await becomesTrue(page, `${STATE} === 'live'`, 60_000);
    await item('After');
    await becomesTrue(page, `${COUNT} === ${count + 1}`);
  });
});

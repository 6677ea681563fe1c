// Made-up items at a click, where the hub allows them.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { COUNT, type Desk, openDesk } from './desk.js';

describe('the test controls of the desk', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  it('make one, ten and fifty, for me, a team and the pool, and show the line for it', async () => {
    const context = await desk.context();
    await context.route('**/desk.json', (route) =>
      route.fulfill({ json: { auth: { kind: 'token' }, test_controls: true, contract: 1 } }),
    );
    const page = await desk.open('alice', { context, teams: ['property'] });
    await page.click('#test-controls');
    await page.click('[data-count="1"]');
    await becomesTrue(page, `${COUNT} === 1`);
    await page.selectOption('select', 'me');
    await page.click('[data-count="10"]');
    await becomesTrue(page, `${COUNT} === 11`);
    await page.selectOption('select', 'team property');
    expect(await page.evaluate(`document.querySelector('code').textContent`)).to.equal(
      `curl -s ${desk.hub.url}/api/test/workitem -H 'content-type: application/json' -d '{"team":"property"}'`,
    );
    await page.click('[data-count="50"]');
    await becomesTrue(page, `${COUNT} === 61`);
    // The keyboard is where it was: for more, and for closing.
    expect(await page.evaluate(`document.activeElement?.dataset.count`)).to.equal('50');
    await page.keyboard.press('Escape');
    await becomesTrue(page, `document.querySelector('[data-count]') === null`);
    expect(await page.evaluate(`document.querySelector('[data-queue=team]').innerText.includes('50')`)).to.equal(true);
    await context.close();
  });

  it('make none for a supervisor, who has no queue in which they would be', async () => {
    const context = await desk.context();
    await context.route('**/desk.json', (route) =>
      route.fulfill({ json: { auth: { kind: 'token' }, test_controls: true, contract: 1 } }),
    );
    const page = await desk.open('sam', { context, roles: ['supervisor'] });
    await page.click('#test-controls');
    await becomesTrue(page, `document.querySelector('option[value=pool]') !== null`);
    expect(await page.evaluate(`document.querySelector('option[value=me]') === null`)).to.equal(true);
    await context.close();
  });

  it('are not there on a hub without them', async () => {
    const context = await desk.context();
    await context.route('**/desk.json', (route) =>
      route.fulfill({ json: { auth: { kind: 'token' }, test_controls: false, contract: 1 } }),
    );
    const page = await desk.open('alice', { context });
    await becomesTrue(page, `document.getElementById('settings') !== null`);
    expect(await page.evaluate(`document.getElementById('test-controls') === null`)).to.equal(true);
    await context.close();
  });
});

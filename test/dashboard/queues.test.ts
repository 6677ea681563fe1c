// Queues with counts that move, filters and search in the address, order, saved views.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { COUNT, type Desk, openDesk, STATE, TITLES } from './desk.js';

const COUNTS = `[...document.querySelectorAll('[data-queue]')].map((one) => one.innerText.replace(/\\s+/g, ' '))`;

describe('queues of the desk', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    const { hub } = desk;
    const make = (wishes: object) => hub.call('POST', '/api/test/workitem', undefined, wishes);
    await make({ insured_name: 'Anvil', policy_type: 'Cyber', coverage_amount: '£9,000,000', assigned_to: 'alice' });
    await make({
      insured_name: 'Beacon',
      policy_type: 'Marine Cargo',
      coverage_amount: '£10,000,000',
      team: 'property',
    });
    await make({ insured_name: 'Cedar', policy_type: 'Cyber', coverage_amount: '$1,500', team: 'property' });
    await make({ insured_name: 'Dune', policy_type: 'Marine Cargo', coverage_amount: '£800,000', broker: 'Castell' });
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  it('count what is open, live', async () => {
    const page = await desk.open('alice', { teams: ['property'] });
    expect(await page.evaluate(COUNTS)).to.deep.equal(['Mine 1', 'Team 2', 'Pool 1', 'All 4']);
    const { body } = await desk.hub.call<{ items: { id: number }[] }>(
      'GET',
      '/api/workitems?team=property&assigned=none',
      await desk.hub.token('alice', { teams: ['property'] }),
    );
    const { submission_id } = await desk.hub.item({ team: 'property', subject: 'one more' });
    await becomesTrue(page, `${COUNTS}.join() === 'Mine 1,Team 3,Pool 1,All 5'`);
    expect(body.items).to.have.length(2);
    const { body: list } = await desk.hub.call<{ items: { id: number; submission_id: number }[] }>(
      'GET',
      '/api/workitems',
      await desk.hub.token('alice', { teams: ['property'] }),
    );
    const id = list.items.find((one) => one.submission_id === submission_id)?.id;
    await desk.hub.call('POST', `/api/workitems/${id}/claim`, await desk.hub.token('bob', { teams: ['property'] }), {});
    await becomesTrue(page, `${COUNTS}.join() === 'Mine 1,Team 2,Pool 1,All 4'`);
    await page.click('[data-queue=team]');
    await becomesTrue(page, `${TITLES}.join() === 'Cedar,Beacon'`);
    expect(page.url()).to.equal(`${desk.hub.url}/#/team`);
    await page.goBack();
    await becomesTrue(page, `${COUNT} === 4`);
    await desk.leave(page);
  });

  it('have filters and an order that a link carries on', async () => {
    const page = await desk.open('alice', { teams: ['property'] });
    await page.click('[data-filter=class] button');
    await page.getByLabel('Cyber').check();
    await becomesTrue(page, `${TITLES}.join() === 'Cedar,Anvil'`);
    await page.keyboard.press('Escape');
    await page.click('[data-column=limit] button');
    await becomesTrue(page, `${TITLES}.join() === 'Anvil,Cedar'`);
    const link = page.url();
    expect(link).to.match(/#\/all\?class=Cyber&sort=-limit$/);
    const again = await page.context().newPage();
    await again.goto(`${desk.hub.url}/#token=${await desk.hub.token('alice', { teams: ['property'] })}`);
    await becomesTrue(again, `${STATE} === 'live'`);
    await again.goto(link);
    await becomesTrue(again, `${TITLES}.join() === 'Anvil,Cedar'`);
    await again.click('#clear-filters');
    await becomesTrue(again, `${COUNT} === 4`);
    await desk.leave(page);
  });

  it('compare limits within a currency', async () => {
    const page = await desk.open('alice', { teams: ['property'], place: '#/all?limit=GBP%201000000-' });
    await becomesTrue(page, `${TITLES}.join() === 'Beacon,Anvil'`);
    // What is said is what is looked for.
    const chip = `document.querySelector('[data-filter=limit]').innerText`;
    await page.evaluate(`location.hash = '#/all?limit=GBP%201250000-1349999'`);
    await becomesTrue(page, `/≥ 1.25m ≤ 1,349,999/i.test(${chip})`);
    await page.click('[data-filter=limit] button');
    for (const typed of ['1e21', '0.0000001', '-5']) {
      await page.getByLabel('At least').fill('');
      await page.getByLabel('At least').pressSequentially(typed);
      expect(await page.getByLabel('At least').inputValue()).to.equal(typed);
      await becomesTrue(
        page,
        `/Not from/.test(document.querySelector('[aria-invalid=true] + [role=status]')?.innerText)`,
      );
    }
    await page.getByLabel('At least').fill('1000000.5');
    await becomesTrue(page, `location.hash.endsWith('=GBP+1000000.5-1349999') && ${chip}.includes('1,000,000.5')`);
    await page.keyboard.press('Escape');
    await page.evaluate(`location.hash = '#/all?class=&class=&team=x&team=x&effective=2026-02-31/2026-13-01'`);
    const set = `[...document.querySelectorAll('[data-filter][data-set]')].map((one) => one.innerText.trim()).join('|')`;
    await becomesTrue(page, `/^Team\\s+x$/.test(${set})`);
    await page.evaluate(`location.hash = '#/all?sort=limit'`);
    await becomesTrue(page, `${TITLES}.join() === 'Dune,Anvil,Beacon,Cedar'`);
    await page.evaluate(`location.hash = '#/all?sort=-limit'`);
    await becomesTrue(page, `${TITLES}.join() === 'Beacon,Anvil,Dune,Cedar'`);
    await desk.leave(page);
  });

  it('tell ages by the clock of the hub, whatever the one here says', async () => {
    const context = await desk.context();
    await context.addInitScript(`const now = Date.now; Date.now = () => now() + 26 * 3_600_000;`);
    const page = await desk.open('alice', { context, teams: ['property'] });
    await becomesTrue(page, `${COUNT} === 4`);
    const ages = await page.evaluate<string[]>(
      `[...document.querySelectorAll('#items [role=gridcell][data-column=age]')].map((one) => one.innerText)`,
    );
    expect(ages).to.have.length(4);
    for (const age of ages) expect(age).to.match(/^(now|\d+[sm])$/);
    await context.close();
  });

  it('are searched', async () => {
    const page = await desk.open('alice', { teams: ['property'] });
    await page.keyboard.press('/');
    await page.keyboard.type('dUnE');
    await becomesTrue(page, `${TITLES}.join() === 'Dune'`);
    await page.keyboard.type(' nowhere');
    await becomesTrue(page, `document.body.innerText.includes('Nothing in All fits the filters.')`);
    // From there the keys go on in the list, also in an empty one.
    await page.keyboard.press('Enter');
    expect(await page.evaluate(`document.activeElement.id`)).to.equal('items');
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    await becomesTrue(page, `${COUNT} === 4`);
    expect(await page.evaluate(`document.activeElement.id`)).to.equal('search');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(`document.activeElement.dataset.index`)).to.equal('0');
    await desk.leave(page);
  });

  it('say where else there is what is looked for, and lead there', async () => {
    const page = await desk.open('alice', { teams: ['property'], place: '#/mine?q=dune' });
    const body = `document.body.innerText`;
    await becomesTrue(page, `${body}.includes('Nothing in Mine fits the filters.')`);
    await page.getByRole('button', { name: 'Show 1 in All' }).click();
    await becomesTrue(page, `${TITLES}.join() === 'Dune' && location.hash === '#/all?q=dune'`);
    await page.goBack();
    await becomesTrue(page, `location.hash === '#/mine?q=dune' && ${COUNT} === 0`);
    // By its keys, also from the search.
    await page.focus('#search');
    await page.keyboard.press('Enter');
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await becomesTrue(page, `${TITLES}.join() === 'Dune'`);
    await page.evaluate(`location.hash = '#/mine?q=nowhere'`);
    await becomesTrue(page, `${body}.includes('Nothing in Mine fits the filters.')`);
    expect(await page.locator('#elsewhere').count()).to.equal(0);
    await desk.leave(page);
  });

  it('have columns as wide as they were drawn', async () => {
    const page = await desk.open('alice', { viewport: { width: 1900, height: 860 } });
    const width = (column: string): string =>
      `Math.round(document.querySelector('[role=columnheader][data-column=${column}]').getBoundingClientRect().width)`;
    for (const column of ['insured', 'broker']) {
      const before = await page.evaluate<number>(width(column));
      const handle = page.locator(`[data-column=${column}] [role=separator]`);
      const box = await handle.boundingBox();
      if (!box) throw new Error('there is a handle');
      await page.mouse.move(box.x + 5, box.y + 8);
      await page.mouse.down();
      await page.mouse.move(box.x - 55, box.y + 8);
      await page.mouse.up();
      await becomesTrue(page, `${width(column)} === ${before - 60}`);
      await handle.press('ArrowLeft');
      await becomesTrue(page, `${width(column)} === ${before - 76}`);
      await handle.press('ArrowRight');
      await becomesTrue(page, `${width(column)} === ${before - 60}`);
    }
    // The one that nobody has drawn takes the rest.
    const unused = `(() => { const row = document.querySelector('#items [role=row]'); return Math.round(row.getBoundingClientRect().right - row.lastElementChild.getBoundingClientRect().right); })()`;
    expect(await page.evaluate(unused)).to.equal(0);
    await page.context().close();
  });

  it('keep views by name', async () => {
    const page = await desk.open('alice', { teams: ['property'], place: '#/pool?class=Marine+Cargo' });
    await page.click('#views');
    await page.getByLabel('Name of this view').fill('Ships');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 768, height: 900 });
    expect(await page.getByRole('button', { name: 'View Ships' }).count()).to.equal(1);
    await page.setViewportSize({ width: 1440, height: 860 });
    await page.click('[data-queue=all]');
    await page.click('#clear-filters');
    await becomesTrue(page, `${COUNT} === 4`);
    await page.reload();
    await becomesTrue(page, `${STATE} === 'live'`);
    await page.click('#views');
    await page.getByRole('button', { name: 'Ships', exact: true }).click();
    await becomesTrue(page, `${TITLES}.join() === 'Dune'`);
    expect(page.url()).to.contain('#/pool?class=Marine+Cargo');
    await desk.leave(page);
  });
});

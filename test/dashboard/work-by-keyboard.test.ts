// A working day without a mouse.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { createLink } from '../support/link.js';
import { until } from '../support/until.js';
import { COUNT, type Desk, openDesk } from './desk.js';
import { historyOf, itemOf, SAID } from './work-seen.js';

describe('a day at the desk without a mouse', function () {
  this.timeout(90_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    const make = (insured_name: string) =>
      desk.hub.call('POST', '/api/test/workitem', undefined, { insured_name, team: 'property' });
    for (const name of ['Anvil', 'Beacon', 'Cedar', 'Dune']) await make(name);
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  it('finds, opens, claims, refers, resumes, releases', async () => {
    const page = await desk.open('alice', { teams: ['property'] });
    const { keyboard } = page;
    await becomesTrue(page, `${COUNT} === 4`);
    await keyboard.press('/');
    await keyboard.type('beacon');
    await becomesTrue(page, `${COUNT} === 1`);
    await keyboard.press('Enter');
    await becomesTrue(page, `document.activeElement?.dataset.id === '2'`);
    await keyboard.press('Enter');
    await becomesTrue(page, `document.getElementById('item-actions') !== null`);
    await keyboard.press('c');
    await becomesTrue(page, `/Beacon \\(No\\. 2\\) is yours/.test(${SAID})`);
    await keyboard.press('s');
    await becomesTrue(page, `document.activeElement?.dataset.step === 'needs_info'`);
    await keyboard.press('ArrowUp');
    await becomesTrue(page, `document.activeElement?.dataset.step === 'withdrawn'`);
    await keyboard.type('ref');
    await becomesTrue(page, `document.activeElement?.dataset.step === 'referred'`);
    await keyboard.press('Enter');
    await becomesTrue(page, `document.activeElement?.id === 'reason'`);
    await keyboard.type('Above my authority.');
    await keyboard.press('Control+Enter');
    await becomesTrue(page, `/Beacon \\(No\\. 2\\): referred/.test(${SAID})`);
    await keyboard.press('Escape');
    await becomesTrue(page, `document.getElementById('item') === null`);
    // Without the item beside it, the row is what is meant.
    await becomesTrue(page, `document.activeElement?.dataset.id === '2'`);
    await keyboard.press('s');
    await becomesTrue(page, `document.activeElement?.dataset.step === 'in_progress'`);
    await keyboard.press('Enter');
    await until(async () => (await itemOf(desk.hub, 2)).status === 'in_progress');
    await becomesTrue(page, `document.activeElement?.dataset.id === '2' && /: in progress/.test(${SAID})`);
    await keyboard.press('Control+k');
    await becomesTrue(page, `document.activeElement?.hasAttribute('cmdk-input')`);
    await keyboard.type('release beacon');
    await keyboard.press('Enter');
    await becomesTrue(page, `/Beacon \\(No\\. 2\\) is released/.test(${SAID})`);
    expect(await historyOf(desk.hub, 2)).to.deep.equal([
      'created',
      'claimed alice',
      'status_set alice Above my authority.',
      'status_set alice',
      'released alice',
    ]);
    await desk.leave(page);
  });

  it('hands out', async () => {
    const page = await desk.open('sam', { roles: ['supervisor'] });
    const { keyboard } = page;
    await becomesTrue(page, `${COUNT} === 4`);
    await keyboard.press('j');
    await keyboard.press('Shift+J');
    await keyboard.press('a');
    await becomesTrue(page, `document.querySelector('[data-person=alice]') !== null`);
    await keyboard.type('alice');
    await keyboard.press('Enter');
    await becomesTrue(page, `/2 assigned to Name of alice\\. Undo/.test(${SAID})`);
    expect((await itemOf(desk.hub, 4)).assigned_to).to.equal('alice');
    expect((await itemOf(desk.hub, 3)).assigned_to).to.equal('alice');
    await keyboard.press('u');
    await becomesTrue(page, `/2 undone/.test(${SAID})`);
    expect(await itemOf(desk.hub, 4)).to.include({ assigned_to: null, team: 'property' });
    await desk.leave(page);
  });

  it('does once what a key that is held, or pressed twice, stands for', async () => {
    const link = await createLink({ target: () => Number(new URL(desk.hub.url).port) });
    const url = `http://127.0.0.1:${link.port}`;
    const page = await desk.open('alice', { teams: ['property'], place: '#/team', url });
    const { keyboard } = page;
    const hold = async (key: string): Promise<void> => {
      for (let times = 0; times < 5; times++) await keyboard.down(key);
      await keyboard.up(key);
    };
    await becomesTrue(page, `${COUNT} === 4`);
    await hold('j');
    await becomesTrue(page, `document.activeElement?.dataset.index === '3'`);
    await keyboard.press('Home');
    await hold('c');
    await becomesTrue(page, `/\\(No\\. 4\\) is yours/.test(${SAID}) && ${COUNT} === 3`);
    await keyboard.press('g');
    await keyboard.press('m');
    await keyboard.press('j');
    await becomesTrue(page, `document.activeElement?.dataset.id === '4'`);
    await hold('e');
    await keyboard.press('e');
    await becomesTrue(page, `/\\(No\\. 4\\): quoted/.test(${SAID})`);
    // Not answered, a step is not followed by the next one either.
    link.freeze();
    await keyboard.press('u');
    await keyboard.press('e');
    await becomesTrue(page, `/the step before is not answered yet/.test(${SAID})`);
    link.thaw();
    await becomesTrue(page, `/Undone/.test(${SAID})`);
    await keyboard.press('r');
    await becomesTrue(page, `/is released/.test(${SAID})`);
    expect((await historyOf(desk.hub, 4)).slice(-4)).to.deep.equal([
      'claimed alice',
      'status_set alice',
      'status_set alice',
      'released alice',
    ]);
    await page.context().close();
    await link.close();
  });
});

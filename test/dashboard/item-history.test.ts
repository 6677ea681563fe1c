// What was done with an item, in words, the latest first, while it is being done.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { type Desk, openDesk } from './desk.js';

const LINES = `[...document.querySelectorAll('#history li > p')].map((one) => one.innerText)`;

describe('the history of an item at the desk', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  it('is told in words and grows by itself', async () => {
    const { hub } = desk;
    const [alice, bob, boss] = await Promise.all([
      hub.token('alice', { teams: ['cyber'] }),
      hub.token('bob', { teams: ['cyber'] }),
      hub.token('boss', { roles: ['supervisor'] }),
    ]);
    for (const token of [alice, bob]) await hub.call('GET', '/api/workitems', token);
    const { submission_id: id } = await hub.item({ team: 'cyber' });
    const page = await desk.open('boss', { roles: ['supervisor'], place: `#/all/${id}` });
    const shows = (lines: string[]): Promise<void> =>
      becomesTrue(page, `JSON.stringify(${LINES}) === ${JSON.stringify(JSON.stringify(lines))}`);
    const told = ['Came in, and went to team cyber'];
    await shows(told);
    let version = 1;
    const act = async (token: string, method: string, path: string, body: object, words: string): Promise<void> => {
      const { status, body: item } = await hub.call<{ version: number }>(
        method,
        `/api/workitems/${id}/${path}`,
        token,
        {
          ...body,
          ...(path === 'claim' ? {} : { version }),
        },
      );
      expect(status, words).to.equal(200);
      version = item.version;
      told.unshift(words);
      await shows(told);
    };
    await act(alice, 'POST', 'claim', {}, 'Name of alice claimed it');
    const reason = 'Above my limit: <b>three</b> sites';
    await act(
      alice,
      'PATCH',
      'status',
      { status: 'referred', reason },
      `Name of alice set the status to Referred, because ${reason}`,
    );
    await act(boss, 'POST', 'assign', { assigned_to: 'bob' }, 'You assigned it to Name of bob');
    await act(bob, 'POST', 'assign', { assigned_to: null }, 'Name of bob released it');
    await act(boss, 'POST', 'assign', { assigned_to: null, team: 'marine' }, 'You moved it to team marine');
    await act(boss, 'POST', 'assign', { assigned_to: 'alice' }, 'You assigned it to Name of alice');
    await act(boss, 'POST', 'assign', { assigned_to: null }, 'You took it back from Name of alice');
    expect(await page.evaluate(`document.querySelector('#history time').textContent`)).to.match(/^\d+ \w+, \d\d:\d\d$/);
    await desk.leave(page);
  });

  it('speaks of the reader as you', async () => {
    const { submission_id: id } = await desk.hub.item({});
    const page = await desk.open('alice', { place: `#/all/${id}` });
    await becomesTrue(page, `${LINES}.join() === 'Came in'`);
    await desk.hub.call('POST', `/api/workitems/${id}/claim`, await desk.hub.token('alice'), {});
    await becomesTrue(page, `${LINES}.join('|') === 'You claimed it|Came in'`);
    await desk.leave(page);
  });
});

// Submissions that seem to have come before: flagged in the list, linked in the item, beside what the hub finds similar.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { COUNT, type Desk, openDesk } from './desk.js';

const FLAGS = `[...document.querySelectorAll('#items [data-id]')].flatMap((row) => { const words = row.querySelector('[class*=duplicate] .unseen')?.textContent; return words ? [row.dataset.id + ': ' + words] : []; }).sort().join('|')`;
const SIMILAR = `[...document.querySelectorAll('#item [data-similar]')].map((one) => one.dataset.similar + ' ' + one.querySelector('[class*=reason]').textContent).join('|')`;
const NOTE = `document.getElementById('duplicate')?.innerText.trim()`;

describe('duplicates at the desk', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  const make = async (insured_name: string, policy_type: string, from_email = 'jo@one.example'): Promise<number> => {
    const wishes = { insured_name, policy_type, from_email, subject: `${insured_name} ${policy_type}` };
    return (await desk.hub.call<{ submission_id: number }>('POST', '/api/test/workitem', undefined, wishes)).body
      .submission_id;
  };

  it('are flagged by name and class, the later one, with a way to the first', async () => {
    const first = await make('Tárn Mill & Sons Ltd', 'Cyber');
    const other = await make('Tarn Mill and Sons Ltd', 'Marine Cargo', 'x@two.example');
    const page = await desk.open('alice');
    await becomesTrue(page, `${COUNT} === 2`);
    expect(await page.evaluate(FLAGS)).to.equal('');
    const second = await make('TARN MILL AND SONS LIMITED', 'Cyber', 'y@three.example');
    const third = await make('Tarn Mill & Sons', 'Cyber', 'z@four.example');
    await becomesTrue(
      page,
      `${FLAGS} === '${second}: Possible duplicate of No. ${first}|${third}: Possible duplicate of No. ${first}'`,
    );
    await page.click(`#items [data-id="${second}"]`);
    await becomesTrue(page, `${NOTE} === 'Possible duplicate of No. ${first}'`);
    await becomesTrue(
      page,
      `${SIMILAR} === '${third} Possible duplicate|${first} Possible duplicate|${other} Same insured'`,
    );
    await page.click('#duplicate a');
    await becomesTrue(page, `location.hash === '#/all/${first}' && ${NOTE} === undefined`);
    await becomesTrue(page, `document.activeElement.matches('#item h2')`);
    // It may itself be what came twice: that is said, too.
    await becomesTrue(page, `${SIMILAR}.startsWith('${third} Possible duplicate|${second} Possible duplicate')`);
    await page.click(`#items [data-id="${third}"] [class*=duplicate]`);
    await becomesTrue(page, `location.hash === '#/all/${first}'`);
    // What somebody else takes is not to be seen any more, not even as this.
    await desk.hub.call('POST', `/api/workitems/${first}/claim`, await desk.hub.token('bob'), {});
    await becomesTrue(page, `${FLAGS} === '${third}: Possible duplicate of No. ${second}'`);
    await page.evaluate(`location.hash = '#/all/${third}'`);
    await becomesTrue(page, `${SIMILAR} === '${second} Possible duplicate|${other} Same insured'`);
    await desk.leave(page);
  });

  it('are such for 90 days', async () => {
    const insured = 'Ninety Days Ltd';
    const [old, middle, young] = [
      await make(insured, 'Cyber'),
      await make(insured, 'Cyber'),
      await make(insured, 'Cyber'),
    ];
    const days = new Map([
      [old, 180],
      [middle, 89],
      [young, 0],
    ]);
    const context = await desk.context();
    // No test lasts that long: the list comes with other times.
    await context.route('**/api/workitems?*', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { items: { id: number; created_at: string }[] };
      for (const item of body.items) {
        const ago = days.get(item.id) ?? 0;
        item.created_at = new Date(Date.parse(item.created_at) - ago * 24 * 3_600_000).toISOString();
      }
      await route.fulfill({ response: answer, json: body });
    });
    const page = await desk.open('carol', { context });
    // From the first to the second it is a day too long, from the second to the third a day less.
    const flagged = (id: number, of: number): string => `${id}: Possible duplicate of No. ${of}`;
    await becomesTrue(page, `${FLAGS}.includes('${flagged(young, middle)}')`);
    expect(await page.evaluate(FLAGS)).to.not.contain(`${middle}: `);
    await context.close();
  });

  it('are none where too little is known', async () => {
    const one = await desk.hub.mail({ subject: 'One', from: 'jo@five.example', body: 'Please see attached.' });
    const two = await desk.hub.mail({ subject: 'Two', from: 'jo@five.example', body: 'Please see attached!' });
    const page = await desk.open('bob');
    await becomesTrue(page, `document.querySelector('#items [data-id="${two.submission_id}"]') !== null`);
    for (const { submission_id: id } of [one, two]) expect(await page.evaluate(FLAGS)).to.not.contain(`${id}: `);
    await desk.leave(page);
  });
});

// Ten thousand items: few rows exist, and the list stays quick while more come in.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { COUNT, type Desk, openDesk, ROWS } from './desk.js';

const MANY = 10_000;
const AT_ONCE = 10;

describe('many items at the desk', function () {
  this.timeout(120_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk({ LIMIT_TEST_PER_MINUTE: '1000000' });
    const make = async (): Promise<void> => {
      const { status } = await desk.hub.call('POST', '/api/test/workitem', undefined, { count: 50 });
      expect(status).to.equal(200);
    };
    for (let made = 0; made < MANY; made += 50 * AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, make));
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  it('are scrolled and searched through few rows, while others come in', async () => {
    const page = await desk.open('alice');
    await becomesTrue(page, `${COUNT} === ${MANY}`, 60_000);
    const most = 60;
    expect(await page.evaluate(ROWS)).to.be.within(20, most);
    let made = 0;
    await page.evaluate(`document.getElementById('items').scrollTop = 100000`);
    await becomesTrue(page, `document.querySelector('#items [data-index="2950"]') !== null`);
    for (const part of [0.1, 0.5, 0.9, 1, 0.3]) {
      await desk.hub.call('POST', '/api/test/workitem', undefined, { count: 10 });
      made += 10;
      await page.evaluate(
        `(() => { const it = document.getElementById('items'); it.scrollTop = ${part} * it.scrollHeight; })()`,
      );
      await becomesTrue(
        page,
        `(() => { const box = document.getElementById('items').getBoundingClientRect(); const middle = document.elementFromPoint(300, box.top + box.height / 2); return middle?.closest('[data-id]') !== null; })()`,
      );
      expect(await page.evaluate(ROWS), `at ${part}`).to.be.within(20, most);
    }
    await becomesTrue(page, `document.getElementById('new-items')?.innerText.trim() === '${made} new'`);
    await page.click('#new-items');
    await becomesTrue(page, `${COUNT} === ${MANY + made}`);
    await page.keyboard.press('/');
    await page.keyboard.type('Kestrel');
    await becomesTrue(page, `${COUNT} < ${MANY} && ${COUNT} > 0`);
    expect(await page.evaluate(ROWS)).to.be.at.most(most);
    await desk.leave(page);
  });
});

// Two people who claim the same item at once: both see it as theirs for a moment, one has it, the other is told who.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { createLink } from '../support/link.js';
import { COUNT, type Desk, openDesk, ROWS } from './desk.js';
import { elsewhere, historyOf, itemOf, SAID } from './work-seen.js';

const ROW = `(document.querySelector('#items [data-id="1"]')?.innerText ?? '')`;

describe('a race for an item at the desk', function () {
  this.timeout(90_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await desk.hub.item();
    await desk.hub.item();
  });
  after(() => desk?.close());

  it('has one winner, and both lists are right without being loaded anew', async () => {
    const port = (): number => Number(new URL(desk.hub.url).port);
    const links = [await createLink({ target: port }), await createLink({ target: port })];
    const pages = await Promise.all(
      ['alice', 'bob'].map(async (sub, index) => {
        const page = await desk.open(sub, { url: `http://127.0.0.1:${links[index]?.port}` });
        await becomesTrue(page, `${COUNT} === 2`);
        await page.evaluate(`window.loaded = 'once'`);
        await page.keyboard.press('j');
        await page.keyboard.press('j');
        await becomesTrue(page, `document.activeElement?.dataset.id === '1'`);
        return page;
      }),
    );
    for (const link of links) link.freeze();
    for (const page of pages) {
      await page.keyboard.press('c');
      // Shown before the hub has heard of it.
      await becomesTrue(page, `/In progress/.test(${ROW}) && /You/.test(${ROW})`);
    }
    expect((await itemOf(desk.hub, 1)).version).to.equal(1);
    for (const link of links) link.thaw();
    await Promise.all(pages.map((page) => becomesTrue(page, `${SAID} !== ''`)));
    const { assigned_to } = await itemOf(desk.hub, 1);
    expect(assigned_to).to.be.oneOf(['alice', 'bob']);
    expect(await historyOf(desk.hub, 1)).to.have.length(2);
    const [winner, loser] = assigned_to === 'alice' ? pages : pages.toReversed();
    if (!winner || !loser) throw new Error('there are two');
    await becomesTrue(winner, `/is yours/.test(${SAID}) && /You/.test(${ROW}) && ${COUNT} === 2`);
    await becomesTrue(loser, `/${assigned_to}.* was faster and has .*\\(No\\. 1\\)/i.test(${SAID})`);
    await becomesTrue(loser, `${COUNT} === 1 && ${ROW} === ''`);
    for (const page of pages) expect(await page.evaluate('window.loaded')).to.equal('once');
    for (const page of pages) await desk.leave(page);
    for (const link of links) await link.close();
    desk.expectNoComplaints();
  });

  it('that is lost several times says so for as long as it is to be read, with the way to each', async () => {
    for (let made = 0; made < 7; made++) await desk.hub.item();
    const link = await createLink({ target: () => Number(new URL(desk.hub.url).port) });
    const page = await desk.open('carol', { place: '#/pool', url: `http://127.0.0.1:${link.port}` });
    await becomesTrue(page, `${COUNT} === 8`);
    await page.keyboard.press('j');
    link.freeze();
    for (let left = 7; left >= 0; left--) {
      await page.keyboard.press('c');
      await becomesTrue(page, `${COUNT} === ${left}`);
    }
    for (const id of [5, 6, 7, 8, 9]) await elsewhere(desk.hub, 'bob', `POST ${id}/claim`, {});
    link.thaw();
    const said = `document.getElementById('toasts').innerText`;
    await becomesTrue(page, `/5 were taken by others/.test(${said}) && /is yours/.test(${said})`);
    await page.getByRole('button', { name: 'Show them' }).click();
    await becomesTrue(page, `document.querySelectorAll('#refused-dialog li').length === 5`);
    await page.context().close();
    await link.close();
    desk.expectNoComplaints();
  });

  it('says in the open item who has it, and Enter goes on to the next', async () => {
    const { hub } = desk;
    const [first, raced, next] = [await hub.item(), await hub.item(), await hub.item()].reverse();
    const port = (): number => Number(new URL(hub.url).port);
    const link = await createLink({ target: port });
    const url = `http://127.0.0.1:${link.port}`;
    const page = await desk.open('carol', { url, place: `#/pool/${raced?.submission_id}` });
    await becomesTrue(page, `document.getElementById('usual') !== null && ${ROWS} >= 3`);
    await page.focus('#item h2');
    link.freeze();
    await page.keyboard.press('c');
    await becomesTrue(page, `/With you/.test(document.getElementById('item').innerText)`);
    const dave = await hub.token('dave');
    expect((await hub.call('POST', `/api/workitems/${raced?.submission_id}/claim`, dave, {})).status).to.equal(200);
    link.thaw();
    await becomesTrue(page, `/^dave has it now/.test(document.getElementById('gone')?.innerText ?? '')`);
    await becomesTrue(page, `document.activeElement?.closest('#gone') !== null`);
    await page.keyboard.press('Enter');
    await becomesTrue(page, `location.hash === '#/pool/${next?.submission_id}'`);
    expect(first?.submission_id).to.be.greaterThan(Number(raced?.submission_id));
    await page.context().close();
    await link.close();
    desk.expectNoComplaints();
  });
});

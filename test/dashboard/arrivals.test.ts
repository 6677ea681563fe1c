// Items that come in while somebody looks, reads, or looks elsewhere.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { COUNT, type Desk, openDesk, ROWS, TITLES } from './desk.js';

describe('arrivals at the desk', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  it('come in at the top, and screen readers are told', async () => {
    const page = await desk.open('alice');
    await becomesTrue(page, `document.body.innerText.includes('Nothing here yet.')`);
    await desk.hub.mail({ subject: 'First', from: 'jo@b.example', body: 'One.' });
    await becomesTrue(page, `${TITLES}.join() === 'First'`);
    await desk.hub.mail({ subject: '', from: 'jo@b.example', body: 'Two.' });
    await becomesTrue(page, `${TITLES}.join() === 'No subject,First'`);
    await becomesTrue(page, `/First|2 new items/.test(document.getElementById('arrivals').textContent)`);
    await desk.leave(page);
  });

  it('wait while somebody reads, until they are asked for', async () => {
    const page = await desk.open('alice');
    await becomesTrue(page, `${COUNT} === 2`);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const top = `document.activeElement.getBoundingClientRect().top`;
    await becomesTrue(page, `document.activeElement.dataset.index === '1'`);
    const before = await page.evaluate(top);
    await desk.hub.call('POST', '/api/test/workitem', undefined, { count: 3 });
    await becomesTrue(page, `document.getElementById('new-items')?.innerText.trim() === '3 new'`);
    expect(await page.evaluate(ROWS)).to.equal(2);
    expect(await page.evaluate(top)).to.equal(before);
    await page.keyboard.press('n');
    await becomesTrue(page, `${COUNT} === 5 && document.getElementById('new-items') === null`);
    // The keyboard goes on from what is new.
    await page.keyboard.press('j');
    await becomesTrue(page, `document.activeElement.dataset.index === '0'`);
    await desk.leave(page);
  });

  it('are not what comes by what one does oneself', async () => {
    const page = await desk.open('alice', { place: '#/mine/1' });
    await page.click('#usual');
    await becomesTrue(page, `${COUNT} === 1 && document.querySelector('#items [data-id="1"]') !== null`);
    expect(await page.evaluate(`document.getElementById('new-items')`)).to.equal(null);
    await page.click('#item-release');
    await becomesTrue(page, `${COUNT} === 0 && document.getElementById('item-release') === null`);
    await page.context().close();
  });

  it('do not move what is in sight further down', async () => {
    const page = await desk.open('alice');
    await desk.hub.call('POST', '/api/test/workitem', undefined, { count: 50 });
    await becomesTrue(page, `${COUNT} === 55`);
    await page.evaluate(`document.getElementById('items').scrollTop = 400`);
    const line = `(() => { const rows = [...document.querySelectorAll('#items [data-id]')]; const row = rows.find((one) => one.getBoundingClientRect().top > 300); return row.dataset.id + ' ' + Math.round(row.getBoundingClientRect().top); })()`;
    await becomesTrue(page, `document.querySelector('#items [data-index="40"]') !== null`);
    const before = await page.evaluate(line);
    await desk.hub.item();
    await becomesTrue(page, `document.getElementById('new-items') !== null`);
    expect(await page.evaluate(line)).to.equal(before);
    // Some that stand above leave.
    const bob = await desk.hub.token('bob');
    const { body } = await desk.hub.call<{ items: { id: number }[] }>('GET', '/api/workitems', bob);
    for (const { id } of body.items.slice(1, 4)) await desk.hub.call('POST', `/api/workitems/${id}/claim`, bob, {});
    await becomesTrue(page, `${COUNT} === 52`);
    expect(await page.evaluate(line)).to.equal(before);
    await page.click('#new-items');
    await becomesTrue(page, `${COUNT} === 53 && document.getElementById('items').scrollTop === 0`);
    await desk.leave(page);
  });

  it('are not what was there before: with an item open the list comes whole, also in another view', async () => {
    const page = await desk.open('alice', { place: '#/all/1' });
    const whole = `document.getElementById('new-items') === null && ${COUNT} === Number(document.getElementById('shown').innerText.replace(/\\D/g, ''))`;
    await page.reload();
    await becomesTrue(page, `document.getElementById('item') !== null && ${COUNT} > 50 && ${whole}`);
    await page.fill('#search', 'nothing is called like this');
    await becomesTrue(page, `document.getElementById('shown').innerText.startsWith('0 ')`);
    await page.fill('#search', '');
    await becomesTrue(page, `${COUNT} > 50 && ${whole}`);
    await desk.leave(page);
  });

  it('are counted in the title of a hidden tab', async () => {
    const page = await desk.open('alice');
    // Headless browsers hide no tab by themselves.
    await page.evaluate(`Object.defineProperties(document, {
      hidden: { configurable: true, get: () => window.away },
      visibilityState: { configurable: true, get: () => (window.away ? 'hidden' : 'visible') },
    }); window.away = true; document.dispatchEvent(new Event('visibilitychange'))`);
    await desk.hub.item();
    await desk.hub.item();
    await becomesTrue(page, `document.title === '(2) Work items'`);
    await page.evaluate(`window.away = false; document.dispatchEvent(new Event('visibilitychange'))`);
    expect(await page.title()).to.equal('Work items');
    await desk.leave(page);
  });
});

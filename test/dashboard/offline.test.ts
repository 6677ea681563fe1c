// What is done while the hub is dead, or its answer is lost: it is not lost silently, and not done twice.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { createLink } from '../support/link.js';
import { until } from '../support/until.js';
import { COUNT, type Desk, openDesk, STATE } from './desk.js';
import { historyOf, itemOf, SAID } from './work-seen.js';

const NETWORK = /ERR_CONNECTION|ERR_EMPTY|WebSocket|503/;

describe('work at the desk without the hub', function () {
  this.timeout(120_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await desk.hub.item();
    await desk.hub.item();
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints(NETWORK));

  it('that is dead waits for it in plain words, and is done once', async () => {
    const page = await desk.open('alice', { place: '#/all/1' });
    await becomesTrue(page, `document.getElementById('usual') !== null`);
    await desk.hub.hub.close();
    await becomesTrue(page, `${STATE} === 'offline'`, 60_000);
    await page.click('#usual');
    const unsent = `document.getElementById('unsent').innerText`;
    await becomesTrue(page, `${unsent}.startsWith('1 change will be sent when the connection is back')`);
    await becomesTrue(
      page,
      `/Will be sent when the connection is back/.test(document.getElementById('item-actions').innerText)`,
    );
    expect(await page.evaluate(SAID)).to.equal('');
    // What follows from it waits behind it.
    await page.click('#usual');
    await becomesTrue(page, `${unsent}.startsWith('2 changes will be sent')`);
    await desk.hub.restart();
    // The latest words about an item are in place of those before.
    await becomesTrue(page, `/: quoted/.test(${SAID})`, 60_000);
    await becomesTrue(page, `${unsent} === ''`);
    expect(await historyOf(desk.hub, 1)).to.deep.equal(['created', 'claimed alice', 'status_set alice']);
    await desk.leave(page);
  });

  it('whose answer is lost is asked again, and was done once', async () => {
    const link = await createLink({ target: () => Number(new URL(desk.hub.url).port) });
    const page = await desk.open('alice', { url: `http://127.0.0.1:${link.port}`, place: '#/all/2' });
    await becomesTrue(page, `document.getElementById('usual') !== null && ${COUNT} === 2`);
    link.tap = (_piece, direction) => (direction === 'down' ? 'drop' : 'pass');
    await page.keyboard.press('c');
    await until(async () => (await itemOf(desk.hub, 2)).assigned_to === 'alice');
    expect(await page.evaluate(SAID)).to.equal('');
    link.tap = null;
    link.cut();
    await becomesTrue(page, `/\\(No\\. 2\\) is yours/.test(${SAID})`, 60_000);
    expect(await historyOf(desk.hub, 2)).to.deep.equal(['created', 'claimed alice']);
    await desk.leave(page);
    await link.close();
  });

  it('that is dead is spoken of as it stands, and not as it stood before', async () => {
    const { submission_id: id } = await desk.hub.item();
    const page = await desk.open('alice', { place: `#/all/${id}` });
    await becomesTrue(page, `document.getElementById('usual') !== null`);
    await page.click('#usual');
    await becomesTrue(page, `/is yours/.test(${SAID})`);
    // Under the pointer it stands for as long as one reads it.
    await page.hover('#toasts span');
    await desk.hub.hub.close();
    await becomesTrue(page, `${STATE} === 'offline'`, 60_000);
    expect(await page.evaluate(SAID)).to.match(/is yours/);
    await page.keyboard.press('r');
    await becomesTrue(page, `document.getElementById('unsent').innerText.startsWith('1 change will be sent')`);
    expect(await page.evaluate(SAID)).to.equal('');
    // Long enough for the return to be put into words.
    await becomesTrue(page, `document.getElementById('banner')?.innerText.startsWith('Offline since')`);
    await desk.hub.restart();
    await becomesTrue(page, `/is released/.test(${SAID})`, 60_000);
    await becomesTrue(
      page,
      `document.getElementById('banner')?.innerText.includes('Back. Nothing else happened in the meantime. Your change was sent.')`,
    );
    await desk.leave(page);
  });
});

// A hub that goes away under the page, and comes back.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { COUNT, type Desk, openDesk, STATE } from './desk.js';

const BANNER = `document.getElementById('banner')?.innerText ?? ''`;

describe('the connection of the desk', function () {
  this.timeout(90_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    await desk.hub.item();
  });
  after(() => desk?.close());

  it('that is cut leaves the list readable, and says what was caught up', async () => {
    const page = await desk.open('alice');
    const top = `document.querySelector('#items [data-id="1"]').getBoundingClientRect().top`;
    await becomesTrue(page, `document.querySelector('#items [data-id="1"]') !== null`);
    const before = await page.evaluate(top);
    await page.context().setOffline(true);
    await becomesTrue(page, `${STATE} === 'offline'`);
    await becomesTrue(page, `${BANNER}.startsWith('Offline since')`);
    expect(await page.evaluate(COUNT)).to.equal(1);
    // What one reads stays where it is, and the time is said once.
    expect(await page.evaluate(top)).to.equal(before);
    expect(await page.evaluate(`document.getElementById('connection').innerText`)).to.equal('Offline');
    // What is said of something that was done stands above it.
    expect(
      await page.evaluate(
        `document.getElementById('toasts').getBoundingClientRect().bottom <= document.getElementById('banner').getBoundingClientRect().top`,
      ),
    ).to.equal(true);
    await desk.hub.item();
    await desk.hub.item();
    await page.context().setOffline(false);
    await becomesTrue(page, `${STATE} === 'live' && ${COUNT} === 3`, 40_000);
    expect(await page.evaluate(BANNER)).to.contain('Back. 2 items arrived while you were away: nothing is missing.');
    await desk.leave(page);
    desk.expectNoComplaints(/ERR_INTERNET_DISCONNECTED|WebSocket/);
  });

  it('that is away is said over an open item, with what waits for it, one upon the other', async () => {
    for (const viewport of [
      { width: 360, height: 740 },
      { width: 768, height: 1024 },
    ]) {
      const page = await desk.open('alice', { viewport, place: '#/all/1' });
      await becomesTrue(page, `document.getElementById('usual') !== null`);
      await page.context().setOffline(true);
      await becomesTrue(page, `${BANNER}.startsWith('Offline since')`);
      await page.click('#usual');
      await becomesTrue(page, `document.getElementById('unsent').innerText.startsWith('1 change will be sent')`);
      const box = (id: string) => `document.getElementById('${id}').getBoundingClientRect()`;
      const isOnTop = (id: string) =>
        `document.elementFromPoint(${box(id)}.right - 20, ${box(id)}.top + 4).closest('#${id}') !== null`;
      expect(await page.evaluate(`${isOnTop('unsent')} && ${isOnTop('banner')}`)).to.equal(true);
      expect(await page.evaluate(`${box('unsent')}.bottom - ${box('banner')}.top`)).to.equal(0);
      // What floats above them keeps clear of both.
      await becomesTrue(page, `${box('toasts')}.bottom < ${box('unsent')}.top`);
      await page.context().close();
    }
    desk.expectNoComplaints(/ERR_INTERNET_DISCONNECTED|WebSocket/);
  });

  it('outlives a restart of the hub', async () => {
    const page = await desk.open('alice');
    await desk.hub.restart();
    await desk.hub.item();
    await becomesTrue(page, `${STATE} === 'live' && ${COUNT} === 4`, 40_000);
    await desk.leave(page);
    desk.expectNoComplaints(/ERR_CONNECTION|WebSocket|503/);
  });
});

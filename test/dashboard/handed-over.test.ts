// Work that a supervisor gives to somebody and takes from somebody, as the two of them are told.
import { becomesTrue } from '../support/chromium.js';
import type { Claims } from '../support/hub.js';
import { type Desk, openDesk } from './desk.js';
import { elsewhere, SAID } from './work-seen.js';

const CHIEF: Claims = { roles: ['supervisor'] };

describe('work that is handed over', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk?.close());

  it('is told to whoever gets it, with a way to it, and to whoever had it; several in one sentence', async () => {
    const { hub } = desk;
    const [alice, bob] = [await desk.open('alice'), await desk.open('bob')];
    const { submission_id: one } = await hub.item();
    const { submission_id: other } = await hub.item();
    await elsewhere(hub, 'sam', `POST ${one}/assign`, { assigned_to: 'alice', version: 1 }, CHIEF);
    await becomesTrue(alice, `/sam.* gave you .*\\(No\\. ${one}\\)/i.test(${SAID})`);
    await elsewhere(hub, 'sam', `POST ${one}/assign`, { assigned_to: 'bob', version: 2 }, CHIEF);
    await becomesTrue(alice, `/\\(No\\. ${one}\\) is with bob.* now/i.test(${SAID})`);
    await becomesTrue(bob, `/sam.* gave you .*\\(No\\. ${one}\\)/i.test(${SAID})`);
    await bob.getByRole('button', { name: 'Open', exact: true }).click();
    await becomesTrue(bob, `location.hash === '#/all/${one}'`);
    await elsewhere(hub, 'sam', `POST ${one}/assign`, { assigned_to: 'alice', version: 3 }, CHIEF);
    await elsewhere(hub, 'sam', `POST ${other}/assign`, { assigned_to: 'alice', version: 1 }, CHIEF);
    await becomesTrue(alice, `/2 items were given to you/i.test(${SAID})`);
    for (const page of [alice, bob]) await page.context().close();
    desk.expectNoComplaints();
  });

  it('is told of people whose names are written from right to left without turning the sentence round', async () => {
    const { hub } = desk;
    const page = await desk.open('carol');
    const { submission_id: id } = await hub.item();
    await elsewhere(hub, 'שרה', `POST ${id}/assign`, { assigned_to: 'carol', version: 1 }, CHIEF);
    await becomesTrue(page, `${SAID}.startsWith('\u2068שרה\u2069 gave you ')`);
    await desk.leave(page);
    desk.expectNoComplaints();
  });
});

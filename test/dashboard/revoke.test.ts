// What an admin does from the monitor to the sessions of others, seen from their desks.
import { expect } from 'chai';
import { becomesTrue, type Page } from '../support/chromium.js';
import { COUNT, type Desk, openDesk, STATE } from './desk.js';
import { cell, figure, SHOWN } from './monitor-page.js';

const TOASTS = `[...document.querySelectorAll('[role=status]')].map((one) => one.textContent).join()`;

describe('sessions in the hands of an admin', function () {
  this.timeout(90_000);
  let desk: Desk;
  let admin: Page;
  before(async () => {
    desk = await openDesk();
    await desk.hub.item({ assigned_to: 'bob' });
    admin = await desk.open('ada', { roles: ['admin'], place: '#/monitor' });
  });
  after(() => desk?.close());
  // The browser notes what a session that has ended is refused with.
  afterEach(() => desk.expectNoComplaints(/401|WebSocket/));

  const confirm = async (who: string, act: 'revoke' | 'drain', words: RegExp): Promise<void> => {
    await becomesTrue(admin, `${SHOWN} && ${cell('people', who, 'presence')} === 'Online'`);
    await admin.click(`[data-row=${who}] [data-act=${act}]`);
    await becomesTrue(admin, `document.querySelector('dialog:modal #confirm') !== null`);
    expect(await admin.evaluate(`document.getElementById('confirm').innerText`)).to.match(words);
    await admin.click('#confirm-act');
  };

  it('are begun anew by a drain, without loss', async () => {
    const bob = await desk.open('bob', { place: '#/all' });
    await becomesTrue(bob, `${COUNT} === 1`);
    let sockets = 0;
    bob.on('websocket', () => sockets++);
    await confirm('bob', 'drain', /Name of bob[\s\S]*nothing is lost/);
    for (let made = 0; made < 5; made++) await desk.hub.item({ assigned_to: 'bob' });
    await becomesTrue(admin, `${TOASTS}.includes('The connections of Name of bob are being closed')`);
    const deadline = performance.now() + 30_000;
    while (sockets === 0 && performance.now() < deadline) await desk.hub.item({ assigned_to: 'carol' });
    expect(sockets, 'connections made after the drain').to.be.above(0);
    await desk.hub.item({ assigned_to: 'bob' });
    await becomesTrue(bob, `${STATE} === 'live' && ${COUNT} === 7`);
    await desk.leave(bob);
  });

  it('end on every device, and can be taken back', async () => {
    const [desktop, laptop] = [await desk.open('bob'), await desk.open('bob')];
    const [token, other] = [await desk.hub.token('bob'), await desk.open('carol')];
    await admin.click('#monitor [aria-pressed=true]');
    await confirm('bob', 'revoke', /Sign Name of bob out everywhere\?[\s\S]*every device[\s\S]*sign in again at once/);
    for (const page of [desktop, laptop]) {
      await becomesTrue(page, `document.getElementById('sign-in') !== null`);
      const text = await page.evaluate(`document.body.innerText`);
      expect(text).to.contain('Your session has been ended.').and.not.to.contain('Mine');
    }
    await becomesTrue(admin, `${TOASTS}.includes('Name of bob is signed out everywhere.')`);
    // What is pointed at stays.
    await admin.getByRole('button', { name: 'Undo' }).hover();
    expect((await desk.hub.call('GET', '/api/workitems', token)).status).to.equal(401);
    await becomesTrue(admin, `${figure('online')} === '2'`);
    // Somebody else has noticed nothing, and bob may come again.
    expect(await other.evaluate(STATE)).to.equal('live');
    const again = await desk.open('bob');
    await becomesTrue(admin, `${cell('people', 'bob', 'presence')} === 'Online'`);

    await admin.getByRole('button', { name: 'Undo' }).click();
    await becomesTrue(admin, `${TOASTS}.includes('are good again')`);
    expect((await desk.hub.call('GET', '/api/workitems', token)).status).to.equal(200);
    for (const page of [desktop, laptop, other, again]) await desk.leave(page);
  });

  it('stay when the hub refuses, and it says why', async () => {
    const page = await desk.open('bob');
    await admin.route('**/api/revocations', (route) =>
      route.fulfill({ status: 401, json: { error: { code: 'unavailable', message: 'Not at the moment.' } } }),
    );
    await confirm('bob', 'revoke', /bob/);
    await becomesTrue(admin, `document.querySelector('dialog [role=alert]')?.textContent === 'Not at the moment.'`);
    await admin.getByRole('button', { name: 'Cancel' }).click();
    await becomesTrue(admin, `document.querySelector('dialog') === null`);
    expect(await page.evaluate(STATE)).to.equal('live');
    await page.context().close();
  });

  it('leave nothing of what somebody looked for to the next one in the tab', async () => {
    const page = await (await desk.context()).newPage();
    const searched = `document.getElementById('search')?.value`;
    const come = async (name: RegExp): Promise<void> => {
      await page.getByRole('button', { name }).click();
      await becomesTrue(page, `${STATE} === 'live'`);
    };
    const end = async (): Promise<void> => {
      const chief = await desk.hub.token('ada', { roles: ['admin'] });
      await desk.hub.call('POST', '/api/revocations', chief, { sub: 'alice' });
      await becomesTrue(page, `document.getElementById('sign-in') !== null`);
    };
    await page.goto(desk.hub.url);
    await come(/Alice Ashdown/);
    await page.click('[data-queue=pool]');
    await page.fill('#search', 'Zanzibar');
    await page.click('[data-queue=all]');
    await end();
    // For whoever comes back it is as it was.
    await come(/Alice Ashdown/);
    await becomesTrue(page, `${searched} === 'Zanzibar' && location.hash === '#/all?q=Zanzibar'`);
    await end();
    await come(/Bob Birkett/);
    await becomesTrue(page, `${searched} === '' && location.hash === ''`);
    for (const way of ['back', 'forward', 'back']) {
      await page.evaluate(
        `new Promise((gone) => { addEventListener('popstate', gone, { once: true }); history.${way}(); })`,
      );
      await becomesTrue(page, `${searched} === '' && location.hash === ''`);
    }
    await page.context().close();
  });
});

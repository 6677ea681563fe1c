// The supervisor's monitor: figures that are right, and stay so while people come and go and items arrive.
import { expect } from 'chai';
import { becomesTrue, type Page } from '../support/chromium.js';
import { until } from '../support/until.js';
import { COUNT, type Desk, openDesk, STATE } from './desk.js';
import { about, cell, charted, figure, rows, SHOWN } from './monitor-page.js';

const HOUR_MS = 3_600_000;
const WAIT_S = 125;

describe('the monitor', function () {
  this.timeout(90_000);
  let desk: Desk;

  /** Items that arrived some hours ago. */
  async function arrive(count: number, hoursAgo: number, wishes: object = {}): Promise<void> {
    const before = await newest();
    await desk.hub.call('POST', '/api/test/workitem', undefined, { count, ...wishes });
    const items = desk.hub.database.mongo.connection.collection<{ _id: number }>('workitems');
    await items.updateMany(
      { _id: { $gt: before } },
      { $set: { created_at: new Date(Date.now() - hoursAgo * HOUR_MS) } },
    );
  }
  async function newest(): Promise<number> {
    const items = desk.hub.database.mongo.connection.collection<{ _id: number }>('workitems');
    return (await items.findOne({}, { sort: { _id: -1 } }))?._id ?? 0;
  }
  const open = (sub = 'sue'): Promise<Page> => desk.open(sub, { roles: ['supervisor'], place: '#/monitor' });

  before(async () => {
    desk = await openDesk();
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints(/503|ERR_INTERNET_DISCONNECTED|WebSocket/));

  it('says of an empty hub that there is nothing', async () => {
    const page = await open();
    await becomesTrue(page, SHOWN);
    expect(await page.evaluate(figure('open'))).to.equal('0');
    expect(await page.evaluate(figure('claim'))).to.equal('–');
    const text = await page.evaluate<string>(`document.getElementById('monitor').innerText`);
    expect(text).to.contain('Nothing has arrived in this time.');
    expect(text).to.contain('Nobody has claimed anything in this time.');
    expect(text).to.contain('Nothing is open.');
    await desk.leave(page);
  });

  it('shows what is so', async () => {
    await arrive(4, 30, { team: 'marine', assigned_to: 'alice' });
    await arrive(3, 5, { team: 'marine' });
    await arrive(2, 2);
    const [bob, alice] = [await desk.hub.token('bob', { teams: ['marine'] }), await desk.hub.token('alice')];
    const last = await newest();
    await desk.hub.call('POST', `/api/workitems/${last}/claim`, bob, {});
    const of = (token: string) =>
      desk.hub.call<{ items: { id: number; version: number }[] }>('GET', '/api/workitems?assigned=me', token);
    const item = (await of(alice)).body.items[0] as { id: number; version: number };
    await desk.hub.call('POST', `/api/workitems/${item.id}/claim`, alice, {});
    // It had waited two minutes and five seconds.
    const items = desk.hub.database.mongo.connection.collection<{ _id: number; history: { at: Date }[] }>('workitems');
    const claimed = await items.findOne({ _id: last });
    const at = claimed?.history.at(-1)?.at as Date;
    await items.updateOne({ _id: last }, { $set: { created_at: new Date(at.getTime() - WAIT_S * 1_000) } });

    // The hub gives the same answer for some seconds.
    const sue = await desk.hub.token('sue', { roles: ['supervisor'] });
    const claims = async () =>
      (await desk.hub.call<{ time_to_claim: { median_s: number } }>('GET', '/api/statistics', sue)).body.time_to_claim;
    await until(async () => (await claims()).median_s === WAIT_S, 30_000);

    const page = await open();
    await becomesTrue(page, `${SHOWN} && ${figure('open')} === '9'`);
    expect(await page.evaluate(about('open'))).to.equal('2 in progress, 0 awaiting');
    expect(await page.evaluate(figure('pool'))).to.equal('1');
    expect(await page.evaluate(about('pool'))).to.match(/^3 more in teams, oldest 5h$/);
    await becomesTrue(page, `${figure('claim')} === '2m 05s'`);
    expect(await page.evaluate(about('claim'))).to.equal('1 claimed in 24 hours');
    expect(await page.evaluate(figure('arrivals'))).to.equal('1');
    expect(await page.evaluate(about('arrivals'))).to.equal('5 in 24 hours');
    expect(await page.evaluate(charted('Arrivals per hour', '0 items'))).to.equal('3 items,1 item,1 item');
    expect(await page.evaluate(charted('Time to claim, median', 'nothing claimed'))).to.equal('2m 05s');
    expect(await page.evaluate(`document.querySelectorAll('canvas').length`)).to.equal(2);

    expect(await page.evaluate(rows('people'))).to.equal('alice,bob,sue');
    for (const [who, presence, counts] of [
      ['alice', /now|ago$/, ['4', '3', '1', '0']],
      ['bob', /now|ago$/, ['1', '0', '1', '0']],
      ['sue', /^Online$/, ['0', '0', '0', '0']],
    ] as const) {
      expect(await page.evaluate(cell('people', who, 'presence'))).to.match(presence);
      const names = ['open', 'pending', 'in_progress', 'awaiting'];
      const shown = await Promise.all(names.map((name) => page.evaluate(cell('people', who, name))));
      expect(shown, who).to.deep.equal(counts);
    }
    expect(await page.evaluate(cell('teams', 'marine', 'open'))).to.equal('7');
    expect(await page.evaluate(cell('teams', 'marine', 'free'))).to.equal('3');
    expect(await page.evaluate(cell('teams', '', 'free'))).to.equal('1');
    await page.click('#people [data-sort=name]');
    await page.click('#people [data-sort=name]');
    await becomesTrue(page, `${rows('people')} === 'sue,bob,alice'`);
    expect(await page.evaluate(`document.querySelector('#people [aria-sort=descending]').textContent`)).to.equal(
      'Person',
    );
    await page.click('#people [data-row=alice] a');
    await becomesTrue(page, `location.hash === '#/all?assigned=%40alice' && ${COUNT} === 4`);
    await page.goBack();
    await page.click('#teams [data-row=marine] a');
    await becomesTrue(page, `location.hash === '#/all?team=marine' && ${COUNT} === 7`);
    await desk.leave(page);
  });

  it('follows who comes and goes, and what arrives', async () => {
    const page = await open();
    await becomesTrue(page, `${SHOWN} && ${figure('online')} === '1'`);
    const ear = await desk.hub.socket('carol', { teams: ['marine'] });
    await ear.named('caught_up');
    await becomesTrue(page, `${figure('online')} === '2' && ${cell('people', 'carol', 'presence')} === 'Online'`);
    await becomesTrue(page, `${about('online')} === '2 connections to 1 process'`);
    ear.client.close();
    await becomesTrue(page, `${figure('online')} === '1' && ${cell('people', 'carol', 'presence')} === undefined`);
    await page.click('#monitor [aria-pressed=false]');
    await becomesTrue(page, `/now|ago$/.test(${cell('people', 'carol', 'presence')})`);

    const before = await page.evaluate<string>(about('arrivals'));
    expect(before).to.equal('5 in 24 hours');
    await desk.hub.call('POST', '/api/test/workitem', undefined, { count: 10 });
    await becomesTrue(page, `${figure('pool')} === '11' && ${figure('arrivals')} === '11'`);
    await becomesTrue(page, `${about('arrivals')} === '15 in 24 hours'`, 50_000);
    const carol = await desk.hub.token('carol', { teams: ['marine'] });
    await desk.hub.call('POST', `/api/workitems/${await newest()}/claim`, carol, {});
    await becomesTrue(page, `${cell('people', 'carol', 'open')} === '1' && ${figure('pool')} === '10'`);
    await desk.leave(page);
  });

  it('has an address of its own, and a key', async () => {
    const page = await desk.open('sue', { roles: ['supervisor'], place: '#/pool?q=item' });
    await becomesTrue(page, `document.querySelector('[data-queue=pool][aria-current]') !== null`);
    await page.click('#monitor-link');
    await becomesTrue(page, SHOWN);
    expect(page.url()).to.equal(`${desk.hub.url}/#/monitor`);
    expect(await page.evaluate(`document.querySelectorAll('[data-queue][aria-current]').length`)).to.equal(0);
    await page.goBack();
    await becomesTrue(page, `location.hash === '#/pool?q=item' && document.getElementById('items') !== null`);
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await becomesTrue(page, SHOWN);
    // What was looked for before is still looked for.
    await page.click('[data-queue=all]');
    await becomesTrue(page, `location.hash === '#/all?q=item' && ${COUNT} >= 0`);
    await page.goBack();
    await page.reload();
    await becomesTrue(page, `${STATE} === 'live' && ${SHOWN}`);
    await desk.leave(page);
  });

  it('asks now and then, not while the tab is hidden, and at once when it is seen again', async () => {
    const context = await desk.context();
    const page = await desk.open('sue', { roles: ['supervisor'], context });
    await page.clock.install();
    await page.evaluate(`location.hash = '#/monitor'`);
    await becomesTrue(page, SHOWN);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const show = (state: 'visible' | 'hidden') =>
      page.evaluate(
        `Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' }); document.dispatchEvent(new Event('visibilitychange'))`,
      );
    const statistics = () => page.waitForRequest('**/api/statistics');
    await Promise.all([statistics(), page.clock.fastForward(31_000)]);
    await becomesTrue(page, SHOWN);
    await show('hidden');
    asked.length = 0;
    await page.clock.fastForward(61_000);
    await page.evaluate(`fetch('healthz').then((answer) => answer.text())`);
    expect(asked.filter((path) => path.startsWith('/api/'))).to.deep.equal([]);
    await Promise.all([statistics(), page.waitForEvent('websocket'), show('visible')]);
    await context.close();
  });

  it('keeps its figures while there are no newer ones, and says so', async () => {
    const page = await open();
    await becomesTrue(page, SHOWN);
    const refuse = '**/api/statistics';
    await page.route(refuse, (route) =>
      route.fulfill({ status: 503, json: { error: { code: 'unavailable', message: 'The database is away.' } } }),
    );
    await desk.hub.item();
    await becomesTrue(page, `document.getElementById('monitor').innerText.includes('The database is away.')`, 30_000);
    expect(await page.evaluate(`document.querySelectorAll('canvas').length`)).to.equal(2);
    expect(await page.evaluate(`document.getElementById('charts-as-of').textContent`)).to.match(/^as of \d/);
    await page.unroute(refuse);
    await page.getByRole('button', { name: 'Try again' }).click();
    await becomesTrue(page, `!document.getElementById('monitor').innerText.includes('The database is away.')`);

    expect(await page.evaluate(`document.getElementById('as-of').textContent`)).to.equal('Live');
    const opened = await page.evaluate(figure('open'));
    await page.context().setOffline(true);
    await becomesTrue(page, `/^As of \\d/.test(document.getElementById('as-of').textContent)`);
    expect(await page.evaluate(figure('open'))).to.equal(opened);
    await page.context().setOffline(false);
    await becomesTrue(page, `document.getElementById('as-of').textContent === 'Live'`, 40_000);
    await becomesTrue(
      page,
      `!document.getElementById('processes').closest('section').innerText.includes('as of')`,
      40_000,
    );
    await page.context().close();
  });

  it('is drawn with the hours of the reader’s language, and anew in the colours of another theme', async () => {
    const context = await desk.context({ locale: 'en-US' });
    const page = await desk.open('sue', { roles: ['supervisor'], context, place: '#/monitor' });
    await becomesTrue(page, `${SHOWN} && document.querySelectorAll('canvas').length === 2`);
    const hours = await page.evaluate<string[]>(
      `[...document.querySelectorAll('[data-chart] tbody th')].map((one) => one.textContent)`,
    );
    expect(hours).to.have.length.above(23);
    for (const one of hours) expect(one).to.match(/^[1-9]\d?:00\s[AP]M–[1-9]\d?:00\s[AP]M$/);
    const drawn = `[...document.querySelectorAll('canvas')].map((one) => one.toDataURL()).join()`;
    const light = await page.evaluate<string>(drawn);
    await page.emulateMedia({ colorScheme: 'dark' });
    await becomesTrue(page, `${drawn} !== ${JSON.stringify(light)}`);
    const dark = await page.evaluate<string>(drawn);
    await page.setViewportSize({ width: 700, height: 800 });
    await becomesTrue(
      page,
      `${drawn} !== ${JSON.stringify(dark)} && document.querySelector('canvas').clientWidth < 700`,
    );
    await page.context().close();
  });
});

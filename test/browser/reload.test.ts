// Reloads in the middle of the stream: work on events goes on where it was, and the screen is complete again.
import { expect } from 'chai';
import { until } from '../support/until.js';
import { holds, isConnected, type Site, startSite } from './site.js';

const ITEMS = 60;
const RELOADS = 4;

describe('a page that is reloaded mid-stream', function () {
  this.timeout(60_000);
  let site: Site;
  before(async () => {
    site = await startSite();
  });
  after(() => site.close());

  it('misses no event, and shows everything', async () => {
    const context = await site.context();
    /** What was worked on between two reloads. */
    const lives: string[][] = [[]];
    const worked = (): Set<string> => new Set(lives.flat());
    await context.exposeBinding('record', (_source, _tab, key: string) => void lives.at(-1)?.push(key));
    const page = await site.tab(context, 'alice', { consume: 'localStorage' });
    await isConnected(page);

    const made: number[] = [];
    const sending = (async () => {
      for (let n = 0; n < ITEMS; n++) made.push((await site.hub.item()).submission_id);
    })();
    for (let turn = 1; turn <= RELOADS; turn++) {
      await until(() => worked().size >= (turn * ITEMS) / (RELOADS + 2));
      await page.reload();
      lives.push([]);
      await site.start(page, 'alice', { consume: 'localStorage' });
    }
    await sending;

    await until(() => worked().size === ITEMS);
    const keys = made.map((id) => `${id}:1`);
    expect([...worked()]).to.have.members(keys);
    // In order, in each life; what was under way at its end comes again.
    for (const life of lives)
      expect(life).to.deep.equal(keys.slice(keys.indexOf(life[0] ?? ''), keys.indexOf(life.at(-1) ?? '') + 1));
    await isConnected(page);
    await holds(page, (count) => window.desk.ids().length === count, ITEMS);
    expect(await page.evaluate(() => window.desk.ids())).to.deep.equal(made.toReversed());
    expect(site.complaints).to.deep.equal([]);
    await context.close();
  });
});

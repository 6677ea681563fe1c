// Two tabs of one person: each has every event once, and works at its own pace.
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { until } from '../support/until.js';
import { holds, isConnected, sawEvents, type Site, startSite } from './site.js';

const keyOf = (id: number): string => `${id}:1`;
const stored = (page: Page): Promise<number | null> => page.evaluate(() => window.desk.stored());
/** Until all that the tab was sent is finished, and that is kept. */
const isDone = (page: Page): Promise<void> =>
  holds(page, async () => (await window.desk.stored()) === window.desk.client.position?.seq, undefined);

describe('two tabs of one person', function () {
  this.timeout(60_000);
  let site: Site;
  let last = 0;
  before(async () => {
    site = await startSite();
  });
  after(() => site.close());

  async function items(count: number): Promise<number[]> {
    const made: number[] = [];
    for (let n = 0; n < count; n++) made.push((await site.hub.item()).submission_id);
    last = made.at(-1) ?? last;
    return made;
  }

  for (const consume of ['localStorage', 'indexedDb'] as const) {
    it(`have each event once, and positions of their own in ${consume}`, async () => {
      const context = await site.context();
      const worked = new Map<string, string[]>();
      /** The tab whose work does not come to an end. */
      let stuck: string | null = null;
      await context.exposeBinding('record', async (_source, tab: string, key: string) => {
        worked.set(tab, [...(worked.get(tab) ?? []), key]);
        if (tab === stuck) await new Promise(() => {});
      });
      const slow = await site.tab(context, 'alice', { consume });
      const quick = await site.tab(context, 'alice', { consume });
      await Promise.all([isConnected(slow), isConnected(quick)]);
      const [slowTab, quickTab] = await Promise.all([slow, quick].map((page) => page.evaluate(() => window.desk.tab)));
      expect(slowTab).not.to.equal(quickTab);

      stuck = slowTab as string;
      const before = await stored(slow);
      const made = await items(5);
      await Promise.all([slow, quick].map((page) => sawEvents(page, 5)));
      for (const page of [slow, quick]) {
        expect(await page.evaluate(() => window.desk.seen)).to.deep.equal(made.map(keyOf));
      }
      await isDone(quick);
      expect(worked.get(quickTab as string)).to.deep.equal(made.map(keyOf));
      expect(worked.get(slowTab as string)).to.deep.equal(made.slice(0, 1).map(keyOf));
      expect(await stored(slow), 'work that is not finished').to.equal(before);

      // Each goes on where it was: one behind what it finished, the other with what it did not.
      stuck = null;
      await Promise.all([slow.reload(), quick.reload()]);
      await Promise.all([slow, quick].map((page) => site.start(page, 'alice', { consume })));
      const later = await items(1);
      await until(() => worked.get(slowTab as string)?.at(-1) === keyOf(last));
      await until(() => worked.get(quickTab as string)?.at(-1) === keyOf(last));
      expect(worked.get(quickTab as string)).to.deep.equal([...made, ...later].map(keyOf));
      expect(worked.get(slowTab as string)).to.deep.equal([made[0] as number, ...made, ...later].map(keyOf));
      expect([...worked.keys()]).to.have.members([slowTab, quickTab]);
      expect(site.complaints).to.deep.equal([]);
      await context.close();
    });
  }
});

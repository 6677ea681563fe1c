// A tab keeps its name over reloads, and a copy of it, which inherits all that the session keeps, gets another.
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Site, startSite } from './site.js';

const tabOf = (page: Page): Promise<string> => page.evaluate(() => window.desk.tab);

describe("a tab's name", function () {
  this.timeout(60_000);
  let site: Site;
  before(async () => {
    site = await startSite();
  });
  after(() => site.close());

  it('is kept by reloads, and not shared with a copy of the tab', async () => {
    const context = await site.context();
    const page = await site.tab(context, 'alice');
    const name = await tabOf(page);

    const opened = context.waitForEvent('page');
    await page.evaluate(() => void window.open(location.href));
    const copy = await opened;
    await copy.waitForLoadState();
    await site.start(copy, 'alice');
    const other = await tabOf(copy);
    expect(other).not.to.equal(name);

    for (let turn = 0; turn < 5; turn++) {
      await Promise.all([page.reload(), copy.reload()]);
      await Promise.all([site.start(page, 'alice'), site.start(copy, 'alice')]);
      expect(await tabOf(page)).to.equal(name);
      expect(await tabOf(copy)).to.equal(other);
    }

    // Whoever has left a name does not keep it from a later copy.
    await page.close();
    const third = await site.tab(context, 'alice');
    expect([name, other]).not.to.include(await tabOf(third));
    expect(site.complaints).to.deep.equal([]);
    await context.close();
  });
});

// A burst of events is shown frame by frame, not event by event.
import { expect } from 'chai';
import { holds, isConnected, sawEvents, type Site, startSite } from './site.js';

const EVENTS = 500;
/** Requests that bring them, side by side. */
const MAILS = 5;

describe('a burst of events', function () {
  this.timeout(60_000);
  let site: Site;
  before(async () => {
    site = await startSite();
  });
  after(() => site.close());

  it('costs a call of listeners per frame at most', async () => {
    const context = await site.context();
    const page = await site.tab(context, 'alice');
    await isConnected(page);
    // While it is away, so that all of them come at once.
    await context.setOffline(true);
    await holds(page, () => window.desk.states.some(({ name }) => name === 'offline'), undefined);
    await Promise.all(
      Array.from({ length: MAILS }, (_, mail) =>
        site.hub.mail(
          Array.from({ length: EVENTS / MAILS }, (__, at) => ({
            subject: `Quote ${mail}-${at}`,
            from: 'broker@example.com',
            body: 'Insured: Acme Ltd',
            internetMessageId: `<${mail}-${at}@mail.example>`,
          })),
        ),
      ),
    );
    const before = await page.evaluate(() => {
      window.desk.lengths.length = 0;
      return { frames: window.desk.frames, now: performance.now() };
    });
    await context.setOffline(false);
    await sawEvents(page, EVENTS);
    await holds(page, (count) => window.desk.lengths.at(-1) === count, EVENTS);
    const after = await page.evaluate(() => ({
      lengths: window.desk.lengths,
      frames: window.desk.frames,
      now: performance.now(),
      ids: window.desk.ids(),
    }));
    // A frame that is late is not waited for longer than 100 ms.
    const bound = after.frames - before.frames + Math.ceil((after.now - before.now) / 100) + 1;
    expect(after.lengths.length).to.be.within(1, bound);
    expect(after.lengths, 'each call has something new to show').to.deep.equal([...new Set(after.lengths)]);
    expect(after.lengths.length).to.be.below(EVENTS / 2);
    expect(new Set(after.ids).size).to.equal(EVENTS);
    expect(after.ids).to.deep.equal(after.ids.toSorted((a, b) => b - a));
    await context.close();
  });
});

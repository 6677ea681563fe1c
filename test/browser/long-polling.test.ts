// Networks that let no WebSocket through: they refuse it, or take it and swallow all that is sent.
import { expect } from 'chai';
import type { BrowserContext } from 'playwright-core';
import { isConnected, sawEvents, type Site, startSite } from './site.js';

const BLOCKS: Record<string, (context: BrowserContext) => Promise<unknown>> = {
  'are refused': (context) => context.routeWebSocket(/./, (socket) => socket.close({ code: 1006 })),
  'never say a word': (context) => context.routeWebSocket(/./, () => {}),
  'are not there at all': (context) => context.addInitScript(() => void Reflect.deleteProperty(window, 'WebSocket')),
};

describe('a page whose WebSockets', function () {
  this.timeout(60_000);
  let site: Site;
  before(async () => {
    site = await startSite();
  });
  after(() => site.close());

  for (const [name, block] of Object.entries(BLOCKS)) {
    it(`${name} has its events over long polling`, async () => {
      const context = await site.context();
      await block(context);
      const polls: string[] = [];
      context.on('request', (request) => {
        if (request.url().includes('transport=polling')) polls.push(request.method());
      });
      const page = await site.tab(context, 'alice', { connectTimeoutMs: 1_000 });
      await isConnected(page);
      const made: string[] = [];
      for (let count = 1; count <= 3; count++) {
        made.push(`${(await site.hub.item()).submission_id}:1`);
        await sawEvents(page, count);
      }
      expect(await page.evaluate(() => window.desk.seen)).to.deep.equal(made);
      const status = await page.evaluate(
        async (id) => (await window.desk.client.claim(id)).status,
        Number.parseInt(made[0] ?? ''),
      );
      expect(status).to.equal('in_progress');
      expect(polls).to.include('GET').and.to.include('POST');
      await context.close();
    });
  }
});

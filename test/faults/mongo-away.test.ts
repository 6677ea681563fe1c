// MongoDB goes away under a hub: callers are told to come back, sockets stay, and everything that was answered arrives.
import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { newItems, startHub, type TestHub } from '../support/hub.js';
import { type OwnMongod, ownMongod } from '../support/mongo.js';
import { openOwn } from './own-database.js';

describe('a hub whose MongoDB', () => {
  let mongod: OwnMongod;
  let hub: TestHub;
  beforeEach(async function () {
    this.timeout(60_000);
    mongod = await ownMongod();
    hub = await startHub({}, openOwn(mongod.url));
  });
  afterEach(async function () {
    this.timeout(60_000);
    mongod.resume();
    await hub.close();
    await mongod.remove();
  });

  const mail = (n: number) => ({
    subject: `Mail ${n}`,
    from: 'a@example.com',
    body: 'text',
    internetMessageId: `<${n}@x>`,
  });

  for (const [what, down, up] of [
    ['is killed and started again', () => mongod.kill(), () => mongod.start()],
    ['hangs for a while', async () => mongod.pause(), async () => mongod.resume()],
  ] as const) {
    it(`${what} answers 503 with Retry-After meanwhile, keeps its sockets, and delivers all afterwards`, async function () {
      this.timeout(90_000);
      const alice = await hub.socket('alice');
      await alice.named('caught_up');
      const before = await hub.mail(mail(1));
      await alice.until(({ data }) => data.id === before.submission_id);

      await down();
      const refused = await fetch(`${hub.url}/api/email/intake`, {
        method: 'POST',
        headers: { 'x-api-key': 'the intake key of the tests', 'content-type': 'application/json' },
        body: JSON.stringify(mail(2)),
      });
      expect(refused.status).to.equal(503);
      expect(Number(refused.headers.get('retry-after'))).to.be.at.least(1);
      expect(((await refused.json()) as { error: { code: string } }).error.code).to.equal('unavailable');
      expect(alice.client.connected).to.equal(true);
      await up();

      // As a Logic App does: again until it is answered.
      let after: { submission_id: number } | null = null;
      for (const deadline = Date.now() + 20_000; !after && Date.now() < deadline; ) {
        after = await hub.mail(mail(2)).catch(() => delay(50, null));
      }
      const barrier = await hub.mail(mail(3));
      await alice.until(({ data }) => data.id === barrier.submission_id);
      expect(newItems(alice)).to.deep.equal([before.submission_id, after?.submission_id, barrier.submission_id]);
      expect(alice.client.connected).to.equal(true);
    });
  }
});

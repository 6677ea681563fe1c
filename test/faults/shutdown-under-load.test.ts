// SIGTERM while senders keep their connections busy: what was accepted is answered, and what was answered is stored.
import { expect } from 'chai';
import { INTAKE_KEY } from '../support/hub.js';
import { dataDirectory, startHubProcess } from '../support/hub-process.js';
import { readLogFacts } from '../support/log-process.js';
import { testDatabase } from '../support/mongo.js';
import { UNLIMITED } from './unlimited.js';

const SENDERS = 16;
/** Far below what the hub waits before it cuts connections that do not end. */
const SHUTDOWN_MS = 6_000;

describe('SIGTERM under load', () => {
  it('ends the hub as soon as it has answered what it accepted, and every 200 is in the log', async function () {
    this.timeout(60_000);
    const [database, data] = [await testDatabase(), await dataDirectory()];
    const hub = startHubProcess({
      ...UNLIMITED,
      DATA_DIR: data.path,
      MONGODB_URL: database.url,
      MONGODB_DATABASE: database.name,
      SHUTDOWN_SECONDS: '60',
    });
    const [, url = ''] = await hub.printed(/workitem-hub is up: (\S+)/);
    const stored: string[] = [];
    const strange: number[] = [];
    let gone = false;

    // One connection each, which it keeps open from mail to mail.
    const senders = Array.from({ length: SENDERS }, async (_, sender) => {
      for (let n = 0; !gone; n++) {
        const id = `${sender}-${n}@x`;
        try {
          const response = await fetch(`${url}/api/email/intake`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-api-key': INTAKE_KEY },
            body: JSON.stringify({ subject: 's', from: 'a@example.com', body: 'b', internetMessageId: `<${id}>` }),
          });
          await response.arrayBuffer();
          if (response.status === 200) stored.push(id);
          else if (response.status !== 503) strange.push(response.status);
        } catch {
          // No connection any more: it was not accepted.
          gone = true;
        }
      }
    });
    try {
      while (stored.length < 100) await new Promise((resolve) => setTimeout(resolve, 10));
      const told = performance.now();
      hub.child.kill('SIGTERM');
      expect(await hub.ended).to.equal(0);
      expect(performance.now() - told).to.be.below(SHUTDOWN_MS);
      await Promise.all(senders);
      expect(strange).to.deep.equal([]);
      const { submissions, events } = await readLogFacts(database);
      const logged = new Set(events.map(({ item }) => item));
      const kept = new Set(submissions.filter(({ _id }) => logged.has(_id)).map((mail) => mail.idempotency.value));
      expect(stored.filter((id) => !kept.has(id))).to.deep.equal([]);
    } finally {
      gone = true;
      hub.child.kill('SIGKILL');
      await hub.ended;
      await Promise.all(senders);
      await database.drop();
      await data.remove();
    }
  });
});

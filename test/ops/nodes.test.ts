// Who else runs: what a process may take for granted, and what not.
import { expect } from 'chai';
import { createNodes, nodes as collection } from '../../src/ops/nodes.js';
import { failCommand, quiet, type TestDatabase, testDatabase } from '../support/mongo.js';

describe('a process', () => {
  let db: TestDatabase;
  before(async () => {
    db = await testDatabase();
  });
  after(() => db.drop());

  const nodesOf = (id: string) =>
    createNodes({
      collection: collection.of(db.mongo),
      id,
      local: {
        connections: () => 2,
        online: () => new Set([id]),
        state: async () => ({ position: 7, lag: 1, rates: { events: 0.5 }, draining: id === 'other' }),
      },
      logger: quiet,
    });

  it('takes itself for alone only when its heartbeat has found nobody else', async () => {
    const [one, other] = [nodesOf('one'), nodesOf('other')];
    expect(one.isAlone(), 'before its first heartbeat').to.equal(false);
    await one.start();
    expect(one.isAlone()).to.equal(true);
    await other.start();
    expect(other.isAlone()).to.equal(false);
    expect(other.totalConnections()).to.equal(4);
    expect([...other.online()].sort()).to.deep.equal(['one', 'other']);
    await one.stop();
    await one.start();
    const reports = await one.reports();
    expect(reports.map(({ id, self, draining }) => [id, self, draining])).to.have.deep.members([
      ['one', true, false],
      ['other', false, true],
    ]);
    for (const { seen_at: seen } of reports) expect(Math.abs(Date.now() - Date.parse(seen))).to.be.below(600_000);
    await one.stop();
    await other.stop();
  });

  it('does not take itself for alone when its heartbeat failed', async () => {
    const fault = await failCommand(db.mongo, { commands: ['update'], collection: 'nodes', errorCode: 13 });
    const nodes = nodesOf('cut-off');
    await nodes.start();
    expect(nodes.isAlone()).to.equal(false);
    await fault.off();
    await nodes.stop();
  });
});

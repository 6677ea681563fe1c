import { expect } from 'chai';
import { until } from '../support/until.js';
import { type Desk, openDesk } from './desk.js';

describe('a client whose connection was cut', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  it('is told exactly what it missed, in order, and that it was nothing more', async () => {
    const { client, network, heard, reports, leave, connected, keys } = await desk.seated('alice');
    const before = await desk.hub.item();
    await leave();
    const missed = [await desk.hub.item(), await desk.hub.item(), await desk.hub.item({ assigned_to: 'bob' })];
    network.allow();
    await connected();
    expect(keys()).to.deep.equal([before, missed[0], missed[1]].map((one) => `${one?.submission_id}:1`));
    expect(reports.at(-1)).to.deep.equal({ count: 2, missed: false });
    expect(heard.map(({ meta }) => meta.seq)).to.deep.equal([1, 2, 3]);
    expect(client.workItems.size).to.equal(3);
  });

  it('notices by itself that its network has gone silent', async () => {
    const { network, connected, states, keys } = await desk.seated('alice', {}, { silenceMs: 300 });
    network.strand();
    const { submission_id } = await desk.hub.item();
    await until(() => keys().includes(`${submission_id}:1`));
    await connected();
    expect(states.map(({ name }) => name)).to.include('offline');
    expect(new Set(keys()).size).to.equal(keys().length);
  });
});

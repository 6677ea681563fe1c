// What a page gets that is cut off: everything that it missed, once and in order, or the list where that cannot be had.
import { expect } from 'chai';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';
import { type Network, startNetwork } from '../client-input/network.js';
import { type Desk, openDesk } from './desk.js';

describe('raw client: coming back', () => {
  let hub: TestHub;
  let network: Network;
  const desks: Desk[] = [];
  const desk: typeof openDesk = (options) => {
    const opened = openDesk(options);
    desks.push(opened);
    return opened;
  };
  const getToken = (): Promise<string> => hub.token('alice');
  before(async () => {
    hub = await startHub();
    network = await startNetwork(() => hub.url);
  });
  after(async () => {
    for (const { client } of desks) client.close();
    await network.close();
    await hub.close();
  });

  it('resumes after a cut, without another list', async () => {
    const { is, events, snapshots, states, client } = desk({ url: network.url, getToken });
    await is('connected');
    network.down = true;
    network.cut();
    await is('offline');
    const made = [];
    for (let i = 0; i < 5; i++) made.push((await hub.item()).submission_id);
    expect(events).to.have.lengthOf(0);
    network.down = false;
    await until(() => events.length >= made.length);
    await is('connected');
    expect(events.map(({ item }) => item.id)).to.deep.equal(made);
    expect(snapshots).to.have.lengthOf(1);
    expect(states).to.include('offline:unreachable');
    client.close();
  });

  it('resumes after a restart of the hub, which says that it goes', async () => {
    const { is, events, snapshots, states } = desk({ url: hub.url, getToken });
    await is('connected');
    await hub.restart();
    const { submission_id: id } = await hub.item();
    await until(() => events.length > 0);
    expect(events.map(({ item }) => item.id)).to.deep.equal([id]);
    expect(snapshots).to.have.lengthOf(1);
    expect(states.some((state) => state.startsWith('offline'))).to.equal(true);
  });

  it('goes on from the position of an earlier life, with a list to stand on', async () => {
    const first = desk({ url: hub.url, getToken });
    await first.is('connected');
    first.client.close();
    const { submission_id: id } = await hub.item();
    const second = desk({ url: hub.url, getToken, position: first.client.position });
    await second.is('connected');
    expect(second.events.map(({ item }) => item.id)).to.deep.equal([id]);
    expect(second.snapshots).to.have.lengthOf(1);
    expect(second.snapshots[0]).to.deep.include({ missed: false });
    expect(second.items.has(id)).to.equal(true);
  });

  it('takes the list, and says that events were missed, when the log is another one', async () => {
    const { is, snapshots, client } = desk({ url: hub.url, getToken, position: { epoch: 'another', seq: 7 } });
    await is('connected');
    expect(snapshots).to.have.lengthOf(1);
    expect(snapshots[0]).to.deep.include({ missed: true, reason: 'epoch_changed' });
    expect(client.position?.epoch).not.to.equal('another');
  });

  it('does without a position that the hub does not understand', async () => {
    const { is, snapshots, errors } = desk({ url: hub.url, getToken, position: { epoch: '', seq: -3 } });
    await is('connected');
    expect(errors.map(({ code }) => code)).to.deep.equal(['invalid']);
    expect(snapshots.map(({ missed }) => missed)).to.deep.equal([true]);
  });

  it('reports what was missed when it keeps no list', async () => {
    const { is, errors } = desk({
      url: hub.url,
      getToken,
      position: { epoch: 'another', seq: 7 },
      onSnapshot: undefined,
    });
    await is('connected');
    expect(errors.map(({ code }) => code)).to.deep.equal(['resync']);
  });

  it('is closed for a filter that the hub does not understand', async () => {
    const { is, states } = desk({ url: hub.url, getToken, filter: { colour: 'red' } as never });
    await is('closed');
    expect(states.at(-1)).to.equal('closed:invalid');
  });
});

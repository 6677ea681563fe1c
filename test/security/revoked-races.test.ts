// A principal who is revoked, or whose token ends, while the hub is busy letting them in: nothing reaches them afterwards.
import { expect } from 'chai';
import { closeOf, refusalOf } from '../sockets/wait.js';
import { startHub, type TestHub } from '../support/hub.js';
import { endFaults, failCommand } from '../support/mongo.js';

/** Reads of the log and of cursors wait so long: time for what races them. */
const SLOW_MS = 1_500;

describe('a principal who loses the right to be here', function () {
  this.timeout(60_000);
  let hub: TestHub;
  let root: string;
  beforeEach(async () => {
    hub = await startHub({ LIMIT_TEST_PER_MINUTE: '0', LEGACY_WS_ANONYMOUS: 'on' });
    root = await hub.token('root', { roles: ['admin'] });
  });
  afterEach(async () => {
    await endFaults();
    await hub.close();
  });

  const revoke = async (body: object): Promise<void> => {
    expect((await hub.call('POST', '/api/revocations', root, body)).status).to.equal(200);
  };

  it('during the handshake gets no stream: Socket.IO and raw', async () => {
    const fault = await failCommand(hub.database.mongo, {
      commands: ['find'],
      collection: 'cursors',
      delayMs: SLOW_MS,
    });
    const client_id = 'desk';
    const socket = await hub.socket('mallory', { client_id, jti: 'one' });
    const raw = hub.raw(`?v=2&client_id=desk&token=${await hub.token('mallory', { jti: 'two' })}`);
    const gone = [closeOf(raw.client), new Promise((resolve) => socket.client.once('disconnect', resolve))] as const;
    // Both wait for the read of their cursor, with tokens that were found good.
    await fault.struck(2);
    await Promise.all([revoke({ jti: 'one' }), revoke({ jti: 'two' })]);
    await fault.off();
    expect((await gone[0]).code).to.equal(4401);
    await gone[1];
    await hub.item();
    for (const ear of [socket, raw]) expect(ear.heard.map(({ event }) => event)).to.deep.equal([]);
  });

  it('has nothing carried out any more, over whatever is open', async () => {
    const { submission_id: id } = await hub.item();
    const token = await hub.token('mallory', { jti: 'one' });
    const socket = await hub.socket('mallory', { token });
    await socket.named('caught_up');
    await revoke({ jti: 'one' });
    socket.client.emit('claim', { id });
    expect((await hub.call('POST', `/api/workitems/${id}/claim`, token, {})).status).to.equal(401);
    const refused = await refusalOf((await hub.socket('mallory', { token })).client);
    expect(refused.data.code).to.equal('unauthenticated');
    expect((await hub.call('GET', `/api/workitems/${id}`, root)).body).to.include({ assigned_to: null, version: 1 });
  });

  it('cannot come back with the answers of an earlier session: cursor, page, position', async () => {
    await hub.item();
    await hub.item();
    const token = await hub.token('mallory', { jti: 'one' });
    const page = await hub.call<{ next_cursor: string; position: { epoch: string; seq: number } }>(
      'GET',
      '/api/workitems?limit=1',
      token,
    );
    const { epoch, seq } = page.body.position;
    await revoke({ sub: 'mallory' });
    for (const path of [
      `/api/workitems?limit=1&cursor=${page.body.next_cursor}`,
      `/api/events?after=${epoch}:${seq}`,
      '/api/submissions',
    ]) {
      expect((await hub.call('GET', path, token)).status, path).to.equal(401);
    }
    const raw = hub.raw(`?v=2&since=${epoch}:0&token=${token}`);
    expect((await closeOf(raw.client)).code).to.equal(4401);
    expect(raw.heard).to.deep.equal([]);
    // A page of the old service may come without a token, but not with a bad one.
    expect((await closeOf(hub.raw(`?token=${token}`).client)).code).to.equal(4401);
  });

  it('keeps out a stolen token that is refreshed with itself', async () => {
    const token = await hub.token('mallory', { jti: 'one' });
    const other = await hub.token('mallory', { jti: 'two' });
    const socket = await hub.socket('mallory', { token: other });
    await socket.named('caught_up');
    await revoke({ jti: 'one' });
    const answer = (await socket.client.emitWithAck('refresh_token', { token })) as { ok: boolean };
    expect(answer).to.deep.include({ ok: false });
    expect(socket.client.connected).to.equal(true);
  });
});

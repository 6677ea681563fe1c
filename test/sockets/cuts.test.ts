// Every way in which the hub ends a Socket.IO connection says why in the close frame, and the client may come back.
import { expect } from 'chai';
import type { Socket } from 'socket.io-client';
import { type Edge, startEdge } from './edge.js';
import { makeEvent } from './events.js';
import { type Ear, heardOnce, listen, refusalOf } from './wait.js';

describe('cuts', () => {
  let edge: Edge;
  before(async () => {
    edge = await startEdge({ env: { SOCKET_QUEUE_MAX_MB: '1' } });
  });
  after(() => edge.close());

  async function join(sub: string, transport = 'websocket', ttl = 3600): Promise<{ client: Socket; ear: Ear }> {
    const client = edge.socketio({ token: await edge.token({ sub, ttl }) }, { transports: [transport] });
    const ear = listen(client);
    await ear.named('caught_up');
    return { client, ear };
  }

  /** Why the client thinks it was disconnected, and the close frame behind it. */
  async function endOf(
    client: Socket,
  ): Promise<{ reason: unknown; code: number | undefined; text: string | undefined }> {
    const [reason, details] = await heardOnce(client, 'disconnect');
    const context = (details as { context?: { code: number; reason: string } } | undefined)?.context;
    return { reason, code: context?.code, text: context?.reason };
  }

  it('end a stream with its token', async () => {
    const { client } = await join('ann', 'websocket', 1);
    const { reason, code, text } = await endOf(client);
    // Not 'io server disconnect', after which the library would never come back.
    expect(reason).to.equal('transport close');
    expect(code).to.equal(4401);
    expect(text).to.match(/^token_expired: /);
  });

  it('are announced a minute ahead, after what the stream begins with', async () => {
    const ear = listen(edge.socketio({ token: await edge.token({ sub: 'ann', ttl: 30 }) }));
    const { data } = await ear.named('token_expiring');
    expect(ear.heard.map(({ event }) => event)).to.deep.equal(['ready', 'caught_up', 'token_expiring']);
    expect(data).to.deep.equal({ expires_at: ear.heard[0]?.data.expires_at });
  });

  for (const transport of ['websocket', 'polling']) {
    it(`end a revoked stream on ${transport} before anything else is written`, async () => {
      const { client, ear } = await join('rob', transport);
      const end = endOf(client);
      const { ear: other } = await join('ann', transport);
      edge.revoked.add('rob');
      edge.publish(makeEvent(0));
      await other.named('new_workitem');
      await end;
      expect(ear.heard.map(({ event }) => event)).to.not.include('new_workitem');
      expect((await refusalOf(client.connect())).message).to.equal('unauthenticated');
      edge.revoked.delete('rob');
    });
  }

  it('end the streams of one person on a drain', async () => {
    const { client } = await join('dora');
    const end = endOf(client);
    await edge.delivery.drain(1, 'dora');
    // The process stays, and must not say otherwise.
    expect(await end).to.include({ code: 1012, text: 'restart: An admin has sent this user away; connect again.' });
  });

  it('end a reader that is too slow with its reason, and nobody else', async () => {
    const { client, ear: slow } = await join('slow');
    const { ear: quick } = await join('quick');
    const end = endOf(client);
    const wire = (client.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws
      ._socket;
    wire.pause();
    const item = makeEvent(0);
    const big = { ...item, data: { ...item.data, subject: 'x'.repeat(50_000) } };
    const isCut = (): boolean =>
      ![...edge.delivery.subscriptions()].some(({ session }) => session.principal.sub === 'slow');
    while (!isCut()) {
      edge.publish(big);
      const seq = edge.position();
      await quick.until((heard) => heard.event === 'new_workitem' && heard.seq === seq);
    }
    wire.resume();
    expect(await end).to.include({ code: 4413 });
    const seqs = slow.heard.flatMap(({ event, seq }) => (event === 'new_workitem' ? [seq] : []));
    expect(seqs, 'what did arrive has no gaps').to.deep.equal(seqs.map((_, i) => (seqs[0] ?? 0) + i));
    expect(seqs.at(-1) ?? 0).to.be.below(edge.position());
  });
});

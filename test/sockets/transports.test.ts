// The stream is the same on polling, on WebSocket, and while a client goes from one to the other.
import { expect } from 'chai';
import { type Edge, startEdge } from './edge.js';
import { makeEvent } from './events.js';
import { heardOnce, listen } from './wait.js';

describe('the stream on every transport', () => {
  let edge: Edge;
  before(async () => {
    edge = await startEdge();
  });
  after(() => edge.close());

  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    it(`arrives whole and in order over ${transports.join(' and then ')}`, async () => {
      const from = edge.position();
      const client = edge.socketio({ token: await edge.token() }, { transports });
      const ear = listen(client);
      const upgraded = transports.length > 1 ? heardOnce(client.io.engine as never, 'upgrade') : Promise.resolve();
      // Every packet from the server brings the next events about, so that they fall into every stage of the upgrade.
      const publishMore = (): void => {
        if (edge.position() < from + 60) edge.publish(makeEvent(0), makeEvent(0), makeEvent(0));
      };
      client.io.engine.on('packet', publishMore);
      await ear.named('caught_up');
      await upgraded;
      expect(client.io.engine.transport.name).to.equal(transports.at(-1));
      client.io.engine.off('packet', publishMore);
      edge.publish(makeEvent(0));
      const last = edge.position();
      await ear.until(({ seq, event }) => event === 'new_workitem' && seq === last);
      const seqs = ear.heard.flatMap(({ event, seq }) => (event === 'new_workitem' ? [seq] : []));
      const first = ear.heard.find(({ event }) => event === 'ready')?.seq ?? -1;
      expect(seqs).to.deep.equal(Array.from({ length: last - first }, (_, i) => first + 1 + i));
    });
  }
});

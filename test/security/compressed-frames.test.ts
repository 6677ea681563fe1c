// Compression that a client offers on a socket is not taken up: a frame is as large as it looks.
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { type Edge, startEdge } from '../sockets/edge.js';
import { closeOf, heardOnce } from '../sockets/wait.js';

describe('compression on sockets', () => {
  let edge: Edge;
  before(async () => {
    edge = await startEdge();
  });
  after(() => edge.close());

  for (const path of ['/ws/workitems', '/socket.io/?EIO=4&transport=websocket']) {
    it(`is not negotiated on ${path.slice(0, 14)}, and a compressed frame ends the connection`, async () => {
      const offer = {
        'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits; server_max_window_bits=15',
      };
      const client = new WebSocket(`ws://127.0.0.1:${edge.port}${path}`, { perMessageDeflate: true, headers: offer });
      const [response] = (await heardOnce(client, 'upgrade')) as [{ headers: Record<string, string> }];
      expect(response.headers['sec-websocket-extensions']).to.equal(undefined);
      expect(client.extensions).to.equal('');
      const closed = closeOf(client);
      // A text frame with the bit that says "compressed", masked by zeros.
      const { _socket: socket } = client as unknown as { _socket: { write(bytes: Buffer): void } };
      socket.write(Buffer.from([0xc1, 0x82, 0, 0, 0, 0, 0x03, 0x00]));
      expect((await closed).code).to.be.oneOf([1002, 1005, 1006]);
    });
  }
});

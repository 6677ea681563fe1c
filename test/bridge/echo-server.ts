// The bridge's WebSocket server with an echo behind it, for conformance suites (docs/autobahn.md):
//   node --import=tsx test/bridge/echo-server.ts <port> [maxPayload]
import { createServer } from 'node:http';
import { createWebSocketServer } from '../../src/bridge/bridge.js';

const [port, maxPayload] = process.argv.slice(2).map(Number);
const server = createWebSocketServer(maxPayload ? { maxPayload } : {});
const http = createServer();
http.on('upgrade', (req, socket, head) => {
  socket.on('error', () => {});
  server.handleUpgrade(req, socket, head, (webSocket) => {
    webSocket.on('error', () => {});
    webSocket.on('message', (data, binary) => webSocket.send(data, { binary }));
  });
});
http.listen(port, '127.0.0.1');

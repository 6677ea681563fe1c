// The peer of the bridge: the broadcast loop of the ws documentation. The old service's frame, made once per event.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { servePeer } from './emitter.js';

const server = createServer();
const sockets = new WebSocketServer({ server, path: '/ws/workitems', perMessageDeflate: false });

/** What the old service did not send. */
const NEWER = ['assigned_to', 'team', 'version', 'updated_at'];

servePeer(server, ({ data }) => {
  const old = Object.fromEntries(Object.entries(data).filter(([key]) => !NEWER.includes(key)));
  const frame = JSON.stringify({ event: 'new_workitem', data: old });
  for (const socket of sockets.clients) {
    if (socket.readyState === socket.OPEN) socket.send(frame);
  }
});

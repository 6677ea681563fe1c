// The peer of the fan-out: Socket.IO as its documentation has it, one emit to everybody. No tokens, no rooms, no log.
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { servePeer } from './emitter.js';

const server = createServer();
const io = new Server(server, { serveClient: false });
const namespace = io.of('/workitems');

servePeer(server, ({ data, meta }) => {
  namespace.emit('new_workitem', data, meta);
});

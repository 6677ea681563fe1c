// The peer of the fan-out: Socket.IO as its documentation has it, one emit to everybody. No rooms, no log; tokens where `JWT_SECRET`
// asks for them, checked in a middleware.
import { createServer } from 'node:http';
import { jwtVerify } from 'jose';
import { Server } from 'socket.io';
import { servePeer } from './emitter.js';

const server = createServer();
const io = new Server(server, { serveClient: false });
const namespace = io.of('/workitems');

const { JWT_SECRET } = process.env;
if (JWT_SECRET) {
  const secret = new TextEncoder().encode(JWT_SECRET);
  namespace.use((socket, next) => {
    jwtVerify(String(socket.handshake.auth.token), secret)
      .then(({ payload }) => {
        socket.data.user = payload;
        next();
      })
      .catch(() => next(new Error('unauthenticated')));
  });
}

servePeer(server, ({ data, meta }) => {
  namespace.emit('new_workitem', data, meta);
});

// Loaded into a hub's process to make it leak, so that the soak can be seen to notice: of each kind in SOAK_PLANT, some more
// ten times a second.
import { EventEmitter } from 'node:events';
import { connect, createServer } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const kept = [];
const emitter = new EventEmitter().setMaxListeners(0);
const LEAKS = {
  listeners: () => emitter.on('nothing', () => {}),
  timers: () => setTimeout(() => {}, 2 ** 31 - 1).unref(),
  arrays: () => kept.push(Array.from({ length: 8_000 }, (_, n) => n / 7)),
  buffers: () => kept.push(Buffer.alloc(256 << 10)),
  sockets: () => kept.push(connect(port, '127.0.0.1')),
};
let port = 0;

if (isMainThread && process.env.SOAK_PLANT) {
  const wanted = process.env.SOAK_PLANT.split(',');
  if (wanted.includes('sockets')) {
    const server = createServer((socket) => socket.unref()).unref();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = server.address().port;
  }
  setInterval(() => {
    for (const kind of wanted) LEAKS[kind]();
  }, 100).unref();
}

// Mends a wait in the MongoDB driver (7.8): after a write that a socket did not take at once it waits for `drain`, which a
// socket that has ended never says. The command would wait for ever, and keep its place in the pool for as long.
import { createRequire } from 'node:module';

interface DriverConnection {
  socket: NodeJS.EventEmitter;
  /** The driver's listener to the end of its socket; from then on whoever wakes finds the connection's error. */
  onClose: (this: DriverConnection) => void;
}

const mended = new WeakSet<object>();

/** Has every connection of the driver say `drain` when its socket ends. Calling it again does nothing. */
export function endWaitsWithSockets(): void {
  // The driver that mongoose brings, which it does not hand out whole.
  const ofMongoose = createRequire(createRequire(import.meta.url).resolve('mongoose'));
  const { prototype } = (
    ofMongoose('mongodb/lib/cmap/connection.js') as { Connection: { prototype: DriverConnection } }
  ).Connection;
  // Another version of the driver may have no such listener; a test says so.
  if (mended.has(prototype) || typeof prototype.onClose !== 'function') return;
  mended.add(prototype);
  const { onClose } = prototype;
  prototype.onClose = function (this: DriverConnection) {
    onClose.call(this);
    this.socket.emit('drain');
  };
}

// Keeps track of the event emitters and timers of a process from their birth, without holding them: what is there after the
// garbage was collected is held by somebody. Imported before anything else. (The inspector could find them in the heap, and
// would stop a process with a large one for many seconds.)
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import timers from 'node:timers';

const emitters = new Set();
const started = new Set();
const registry = new FinalizationRegistry(({ register, ref }) => register.delete(ref));

function note(register, born) {
  const ref = new WeakRef(born);
  register.add(ref);
  registry.register(born, { register, ref });
}

const { init } = EventEmitter;
EventEmitter.init = function (options) {
  note(emitters, this);
  return init.call(this, options);
};

// Node's own, such as those of sockets, belong to what they are timers of.
for (const name of ['setTimeout', 'setInterval']) {
  const real = timers[name];
  const noted = (...given) => {
    const timer = real(...given);
    note(started, timer);
    return timer;
  };
  // `util.promisify` and whoever looks for more finds the rest there.
  Object.setPrototypeOf(noted, real);
  Object.defineProperties(noted, Object.getOwnPropertyDescriptors(real));
  timers[name] = noted;
  globalThis[name] = noted;
}
syncBuiltinESMExports();

/**
 * To be asked after a collection.
 * @returns counts of event emitters, sockets among them, listeners (and where most of them are), and timers that will fire
 */
export function countAlive() {
  let listeners = 0;
  let sockets = 0;
  let count = 0;
  let most = { count: 0, where: 'none' };
  for (const ref of emitters) {
    const emitter = ref.deref();
    if (emitter === undefined) continue;
    count++;
    if (emitter instanceof Socket) sockets++;
    const table = emitter._events ?? {};
    for (const name of Reflect.ownKeys(table)) {
      const own = typeof table[name] === 'function' ? 1 : (table[name]?.length ?? 0);
      listeners += own;
      if (own > most.count) most = { count: own, where: `${emitter.constructor?.name}: ${String(name)}` };
    }
  }
  const waiting = [...started].filter((ref) => ref.deref()?._destroyed === false).length;
  return { emitters: count, sockets, listeners, most, timers: waiting };
}

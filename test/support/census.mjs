// Keeps track of the event emitters and timers of a process from their birth, without holding them: what is there after the
// garbage was collected is held by somebody. Imported before anything else. (The inspector could find them in the heap, and
// would stop a process with a large one for many seconds.)
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import timers from 'node:timers';

const emitters = new Set();
const started = new Set();
const registry = new FinalizationRegistry(({ register, entry }) => register.delete(entry));

function note(register, born, site) {
  const entry = { ref: new WeakRef(born), site };
  register.add(entry);
  registry.register(born, { register, entry });
}

/** The two innermost callers that are files. */
function siteOf(stack) {
  const frames = stack.split('\n').filter((line) => line.includes('file://') || line.includes('/node_modules/'));
  const places = frames
    .map((line) => /([^/]+:\d+):\d+\)?$/.exec(line)?.[1])
    .filter((place) => !place?.startsWith('census'));
  return places.slice(0, 2).join(' < ');
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
    note(started, timer, new Error('here').stack);
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
 * @returns counts of event emitters, sockets among them, listeners (and where most of them are), timers that will fire, and how many
 *   of them were started where
 */
export function countAlive() {
  let listeners = 0;
  let sockets = 0;
  let count = 0;
  let most = { count: 0, where: 'none' };
  for (const { ref } of emitters) {
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
  const waiting = [...started].filter(({ ref }) => ref.deref()?._destroyed === false);
  const sites = {};
  for (const { site } of waiting) sites[siteOf(site)] = (sites[siteOf(site)] ?? 0) + 1;
  return { emitters: count, sockets, listeners, most, timers: waiting.length, sites };
}

// Loaded into a hub's process by `--import`, before the hub: shifts its clock, and tells a test what the process holds.

// Before everything else: what is born earlier is not counted.
const census = process.env.TEST_CENSUS ? await import('./census.mjs') : null;

const skew = Number(process.env.TEST_CLOCK_SKEW_MS ?? 0);
if (skew !== 0) {
  const Real = Date;
  const now = () => Real.now() + skew;
  // Node asks `Date` for the time of day and nothing else; timers and durations have a clock of their own. Worker threads
  // load this file, too.
  globalThis.Date = new Proxy(Real, {
    construct: (target, given, self) => Reflect.construct(target, given.length === 0 ? [now()] : given, self),
    apply: () => new Real(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}

/** Not in worker threads: they have no channel. */
if (process.send !== undefined) {
  const tell = async () => {
    // What the first collection lets go of, the second one collects.
    for (let round = 0; round < 3; round++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const resources = {};
    for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
    const { heapUsed: heap, external, rss } = process.memoryUsage();
    process.send({ heap, external, rss, resources, alive: census?.countAlive() });
  };
  process.on('message', () => void tell());
  // The hub ends by itself when it has nothing to do; this is nothing.
  process.channel.unref();
}

// Death at any step: collections whose process ends at a chosen database operation, before or after it took place.
import type { mongo } from 'mongoose';

const WRITES = new Set([
  'insertMany',
  'insertOne',
  'updateOne',
  'updateMany',
  'findOneAndUpdate',
  'bulkWrite',
  'deleteMany',
  'deleteOne',
]);

export interface Mortality {
  /** Wraps a collection of the process that shall die. */
  wrap: <T extends mongo.BSON.Document>(collection: mongo.Collection<T>) => mongo.Collection<T>;
  /** Resolves when the process has died and nothing of it is under way any more. */
  readonly died: Promise<void>;
  readonly isDead: () => boolean;
  /** Counts of writes so far. */
  readonly writes: () => number;
}

/**
 * @param at the write at which it dies, counted from 1.
 * @param applied whether that write still reaches the database.
 */
export function createMortality(at: number, applied: boolean): Mortality {
  let count = 0;
  let dead = false;
  const underWay = new Set<Promise<unknown>>();
  let announce: () => void = () => {};
  const died = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const never = (): Promise<never> => new Promise(() => {});

  async function write(run: () => Promise<unknown>): Promise<unknown> {
    if (dead) return never();
    count++;
    if (count < at) {
      const running = run();
      const settled = running.catch(() => {}).finally(() => underWay.delete(settled));
      underWay.add(settled);
      return running;
    }
    dead = true;
    if (applied) await run().catch(() => {});
    // What was sent before the death arrives or not; who looks afterwards must not see it arrive late.
    await Promise.all(underWay);
    announce();
    return never();
  }

  return {
    wrap: (collection) =>
      new Proxy(collection, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          const method = value.bind(target) as (...args: unknown[]) => unknown;
          if (WRITES.has(String(name))) return (...args: unknown[]) => write(() => method(...args) as Promise<unknown>);
          // A dead process reads nothing either.
          return (...args: unknown[]) => (dead && name === 'findOne' ? never() : method(...args));
        },
      }),
    died,
    isDead: () => dead,
    writes: () => count,
  };
}

// Whatever a start takes, a stop gives back in the opposite order; also when the start fails half-way.
import type { Logger } from './logger.js';

export interface Releasers {
  /** Remembers how to give something back. */
  add(name: string, release: () => unknown): void;
  /** Gives everything back, last taken first. One that fails is logged and does not keep the others. */
  release(): Promise<void>;
}

export function createReleasers(logger: Logger): Releasers {
  const stack: { name: string; release: () => unknown }[] = [];
  let releasing: Promise<void> | undefined;

  async function releaseAll(): Promise<void> {
    for (let one = stack.pop(); one; one = stack.pop()) {
      try {
        await one.release();
      } catch (error) {
        logger.error({ err: error }, `could not release ${one.name}`);
      }
    }
  }

  return {
    add: (name, release) => void stack.push({ name, release }),
    release: () => (releasing ??= releaseAll()),
  };
}

// Everything that a run starts is noted here, so that it is ended in reverse order however the run goes.

export interface Scope {
  /** Notes how something is ended. */
  add(end: () => Promise<unknown> | void): void;
  /** Ends everything, the newest first; what fails to end does not keep the rest. */
  end(): Promise<void>;
}

export function createScope(): Scope {
  const ends: (() => Promise<unknown> | void)[] = [];
  let ending = Promise.resolve();

  async function endAll(): Promise<void> {
    for (let end = ends.pop(); end; end = ends.pop()) {
      try {
        await end();
      } catch (error) {
        console.error(error);
      }
    }
  }

  return {
    add: (end) => void ends.push(end),
    // Whoever comes second waits for what the first is at: an interrupted run ends from two sides.
    end: () => (ending = ending.then(endAll)),
  };
}

/** Runs something with a scope of its own, which has ended when this resolves or rejects. */
export async function scoped<T>(outer: Scope, work: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = createScope();
  // For a run that is interrupted: ending twice is harmless.
  outer.add(() => scope.end());
  try {
    return await work(scope);
  } finally {
    await scope.end();
  }
}

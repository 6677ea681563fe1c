// Listeners by the name of what they listen to.

export interface Emitter<E extends Record<string, (...args: never[]) => void>> {
  /** Adds a listener; returns what takes it away. */
  on<N extends keyof E>(name: N, listener: E[N]): () => void;
  /** Calls the listeners of a name, in the order in which they came. */
  emit<N extends keyof E>(name: N, ...args: Parameters<E[N]>): void;
}

/** @param onThrow told what a listener threw; the others are called all the same. */
export function createEmitter<E extends Record<string, (...args: never[]) => void>>(
  onThrow: (thrown: unknown, name: keyof E) => void,
): Emitter<E> {
  const listeners = new Map<keyof E, Set<(...args: never[]) => void>>();
  return {
    on(name, listener) {
      // One of its own, so that the same function may listen twice, and be taken away once.
      const own = ((...args: never[]) => listener(...args)) as (...args: never[]) => void;
      const all = listeners.get(name) ?? new Set();
      listeners.set(name, all.add(own));
      return () => void all.delete(own);
    },
    emit(name, ...args) {
      for (const listener of Array.from(listeners.get(name) ?? [])) {
        try {
          listener(...args);
        } catch (thrown) {
          onThrow(thrown, name);
        }
      }
    },
  };
}

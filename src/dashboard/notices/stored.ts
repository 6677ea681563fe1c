// A value that this browser keeps, for all tabs. A browser that keeps nothing has the default, for as long as the page stands.

export interface Stored<T> {
  /** The same object until it changes. */
  readonly read: () => T;
  readonly write: (value: T) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

const PREFIX = 'desk.';

/** @param fallback for what was never chosen; objects are filled up with it, so that they may grow */
export function createStored<T extends object>(name: string, fallback: T): Stored<T> {
  const key = PREFIX + name;
  const listeners = new Set<() => void>();
  let value = parse(load());

  function load(): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  function parse(text: string | null): T {
    if (text === null) return fallback;
    try {
      const read = JSON.parse(text) as T;
      return Array.isArray(fallback) ? read : { ...fallback, ...read };
    } catch {
      return fallback;
    }
  }

  function set(next: T): void {
    value = next;
    for (const listener of listeners) listener();
  }

  window.addEventListener('storage', (event) => {
    if (event.key === key) set(parse(event.newValue));
  });

  return {
    read: () => value,
    write(next) {
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Full, or forbidden.
      }
      set(next);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

// A value that this browser keeps, for all tabs. A browser that keeps nothing has the default, for as long as the page stands.
// What is found may be of an older desk, or of nobody knows whom: each value says itself what of it makes sense.

export interface Stored<T> {
  /** The same object until it changes. */
  readonly read: () => T;
  readonly write: (value: T) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

const PREFIX = 'desk.';

/** What was found, if it is an object; else one without anything. */
export const asObject = (found: unknown): Partial<Record<string, unknown>> =>
  typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};

/** @param read makes the value of whatever was found, `undefined` when nothing was; it does not throw */
export function createStored<T extends object>(name: string, read: (found: unknown) => T): Stored<T> {
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
    try {
      return read(text === null ? undefined : JSON.parse(text));
    } catch {
      return read(undefined);
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

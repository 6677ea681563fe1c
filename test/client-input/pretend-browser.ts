// What of a browser a client listens to, on Node: events of the window and the document, and a clock that jumps.

export interface Browser {
  /** An event of the window. */
  fire(name: string): void;
  hide(): void;
  show(): void;
  /** The machine sleeps so long, milliseconds, and wakes: timers that were due run late. */
  sleep(ms: number): void;
  /** Listeners that are there. */
  listeners(): number;
  restore(): void;
}

/** From here on, until `restore`. To be called before the client is made that is to listen. */
export function pretendBrowser(): Browser {
  const listeners = new Set<string>();
  const target = (of: string) => {
    const all = new Map<string, Set<() => void>>();
    return {
      addEventListener(name: string, listener: () => void) {
        all.set(name, (all.get(name) ?? new Set()).add(listener));
        listeners.add(`${of} ${name}`);
      },
      removeEventListener(name: string, listener: () => void) {
        all.get(name)?.delete(listener);
        if (all.get(name)?.size === 0) listeners.delete(`${of} ${name}`);
      },
      fire(name: string) {
        for (const listener of Array.from(all.get(name) ?? [])) listener();
      },
    };
  };
  const window = target('window');
  const document = { ...target('document'), visibilityState: 'visible' };
  const ticks = new Set<() => void>();
  const { setInterval, clearInterval } = globalThis;
  const { now } = Date;
  let ahead = 0;

  Object.assign(globalThis, {
    addEventListener: window.addEventListener,
    removeEventListener: window.removeEventListener,
    document,
    setInterval(callback: () => void, ms: number) {
      const timer = setInterval(callback, ms);
      // The wake watcher's.
      if (ms === 5_000) ticks.add(callback);
      return timer;
    },
  });
  Date.now = () => now() + ahead;

  return {
    fire: window.fire,
    hide() {
      document.visibilityState = 'hidden';
      document.fire('visibilitychange');
    },
    show() {
      document.visibilityState = 'visible';
      document.fire('visibilitychange');
    },
    sleep(ms) {
      ahead += ms;
      for (const tick of ticks) tick();
    },
    listeners: () => listeners.size,
    restore() {
      Date.now = now;
      Object.assign(globalThis, { setInterval, clearInterval });
      for (const name of ['addEventListener', 'removeEventListener', 'document'])
        Reflect.deleteProperty(globalThis, name);
    },
  };
}

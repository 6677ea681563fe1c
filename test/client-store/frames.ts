// A browser's frames for tests, painted when a test says so.

export interface Frames {
  /** Paints one: everything that asked for it is called. */
  paint(): void;
  /** How many calls wait for the next one. */
  readonly waiting: number;
  restore(): void;
}

/** Gives the process a visible document with frames, as the store looks for one. */
export function fakeFrames(): Frames {
  const waiting = new Map<number, () => void>();
  let last = 0;
  const fakes = {
    document: { visibilityState: 'visible' },
    requestAnimationFrame(callback: () => void) {
      waiting.set(++last, callback);
      return last;
    },
    cancelAnimationFrame: (id: number) => void waiting.delete(id),
  };
  Object.assign(globalThis, fakes);
  return {
    paint() {
      const due = [...waiting.values()];
      waiting.clear();
      for (const callback of due) callback();
    },
    get waiting() {
      return waiting.size;
    },
    restore() {
      for (const name of Object.keys(fakes)) Reflect.deleteProperty(globalThis, name);
    },
  };
}

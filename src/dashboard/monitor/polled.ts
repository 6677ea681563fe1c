// Something that is asked for again and again for as long as somebody looks.
import { useCallback, useEffect, useRef, useState } from 'react';

export interface Polled<T> {
  /** The last answer; it stays while there is no newer one. */
  value: T | null;
  /** Why the last try brought none. */
  trouble: string | null;
  /** Asks now. */
  retry: () => void;
  /** Has it asked for soon, since something has changed. */
  nudge: () => void;
}

/**
 * @param read the same function for as long as it reads the same
 * @param everyMs from one answer to the next question, when nothing is known to have changed
 * @param soonestMs the same, however much changes
 */
export function usePolled<T>(read: (signal: AbortSignal) => Promise<T>, everyMs: number, soonestMs: number): Polled<T> {
  const [state, setState] = useState<Pick<Polled<T>, 'value' | 'trouble'>>({ value: null, trouble: null });
  const loop = useRef<{ ask: () => void; nudge: () => void } | null>(null);

  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let busy = false;
    let nudged = false;
    let answeredAt = Number.NEGATIVE_INFINITY;

    function plan(ms: number): void {
      clearTimeout(timer);
      // Nobody looks at a hidden page: it asks when it is seen again.
      timer = setTimeout(() => document.visibilityState === 'visible' && void ask(), ms);
    }

    async function ask(): Promise<void> {
      clearTimeout(timer);
      if (busy) return;
      busy = true;
      nudged = false;
      try {
        const value = await read(abort.signal);
        if (!abort.signal.aborted) setState({ value, trouble: null });
      } catch (error) {
        if (!abort.signal.aborted) setState(({ value }) => ({ value, trouble: (error as Error).message }));
      }
      if (abort.signal.aborted) return;
      busy = false;
      answeredAt = performance.now();
      plan(nudged ? soonestMs : everyMs);
    }

    const onVisible = (): void => {
      if (document.visibilityState === 'visible') void ask();
    };
    loop.current = {
      ask: () => void ask(),
      nudge: () => {
        nudged = true;
        if (!busy) plan(Math.max(0, answeredAt + soonestMs - performance.now()));
      },
    };
    document.addEventListener('visibilitychange', onVisible);
    void ask();
    return () => {
      document.removeEventListener('visibilitychange', onVisible);
      loop.current = null;
      clearTimeout(timer);
      abort.abort();
    };
  }, [read, everyMs, soonestMs]);

  return {
    ...state,
    retry: useCallback(() => loop.current?.ask(), []),
    nudge: useCallback(() => loop.current?.nudge(), []),
  };
}

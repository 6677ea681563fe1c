// Parts of the desk that are chunks of their own, fetched before they are wanted: then there may be no network.
import { useEffect } from 'react';

/** Something to do soon, but nothing that anybody waits for. */
function whenIdle(work: () => void): () => void {
  // Safari has no idle time.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, 200);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: 1_000 });
  return () => cancelIdleCallback(handle);
}

/**
 * Fetches parts, one after the other.
 * @param ready not before, so that they keep nothing waiting that is on its way
 * @param loads the same list at each render
 */
export function useFetchedAhead(ready: boolean, loads: readonly (() => Promise<unknown>)[]): void {
  useEffect(() => {
    if (!ready) return undefined;
    let cancel = (): void => {};
    let ended = false;
    const from = (index: number): void => {
      const load = loads[index];
      if (!load || ended) return;
      cancel = whenIdle(
        () =>
          void load()
            .catch(() => {})
            .then(() => from(index + 1)),
      );
    };
    from(0);
    return () => {
      ended = true;
      cancel();
    };
  }, [ready, loads]);
}

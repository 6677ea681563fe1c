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
 * Fetches parts, one after the other: the first at once, since it is likely to be wanted next, the others when there is time.
 * @param ready not before, so that they keep nothing waiting that is on its way
 * @param loads the same list at each render
 */
export function useFetchedAhead(ready: boolean, loads: readonly (() => Promise<unknown>)[]): void {
  useEffect(() => {
    if (!ready) return undefined;
    let cancel = (): void => {};
    let ended = false;
    const from = async (index: number): Promise<void> => {
      // Without one of them there may yet be the others.
      await loads[index]?.().catch(() => {});
      if (!ended && index + 1 < loads.length) cancel = whenIdle(() => void from(index + 1));
    };
    void from(0);
    return () => {
      ended = true;
      cancel();
    };
  }, [ready, loads]);
}

// One clock for everything on the page that ages; it stands still while nobody looks.
import { useWorkItemClient } from '@workitem-hub/client/react';
import { useSyncExternalStore } from 'react';

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (document.visibilityState === 'visible') tick();
  }, TICK_MS);
  if (listeners.size === 1) document.addEventListener('visibilitychange', tick);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    document.removeEventListener('visibilitychange', tick);
  };
}

/** What `read` makes of the time. The component is rendered anew when that is another text, not at each tick. */
export function useClock<T extends string | number | boolean | null>(read: (now: number) => T): T {
  return useSyncExternalStore(subscribe, () => read(Date.now()));
}

/** The same by the hub's clock, which is the one that its times are of: that of a laptop may be a day ahead. */
export function useHubClock<T extends string | number | boolean | null>(read: (now: number) => T): T {
  const client = useWorkItemClient();
  return useSyncExternalStore(subscribe, () => read(client.hubTime));
}

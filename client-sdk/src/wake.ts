// Moments in which a connection may have died unnoticed: the laptop woke, the network came back, the tab is looked at again.

/** A timer that is this late was asleep, milliseconds. */
const SLEPT_MS = 10_000;
const TICK_MS = 5_000;

/** `slept`: the clock jumped. `visible`: the tab is looked at again. The others are the browser's events of these names. */
export type WakeReason = 'slept' | 'visible' | 'online' | 'offline' | 'pageshow';

/** Calls `onWake` at each such moment; returns what ends that. */
export function watchForWake(onWake: (why: WakeReason) => void): () => void {
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    // Also when the clock was set back: whatever waits by the clock has to look again.
    if (Math.abs(now - last - TICK_MS) > SLEPT_MS) onWake('slept');
    last = now;
  }, TICK_MS);
  // On Node a client that only waits keeps no process alive by this; its connection does.
  (timer as { unref?: () => void }).unref?.();

  const target = globalThis as Partial<EventTarget> & { document?: Partial<Document> };
  const onVisible = (): void => {
    if (target.document?.visibilityState === 'visible') onWake('visible');
  };
  const ends: (() => void)[] = [];
  const listen = (on: Partial<EventTarget> | undefined, name: string, listener: () => void): void => {
    on?.addEventListener?.(name, listener);
    ends.push(() => on?.removeEventListener?.(name, listener));
  };
  for (const name of ['online', 'offline', 'pageshow'] as const) listen(target, name, () => onWake(name));
  listen(target.document as Partial<EventTarget> | undefined, 'visibilitychange', onVisible);
  return () => {
    clearInterval(timer);
    for (const end of ends) end();
  };
}

// Waits that may be given up, and that stay within what timers can do.

/** A timer that is set to more than 2^31 ms fires at once; and nobody means to wait that long. */
export const MAX_PAUSE_MS = 600_000;

/** Resolves after so many milliseconds, at most {@link MAX_PAUSE_MS}, or when `signal` says so. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, MAX_PAUSE_MS));
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

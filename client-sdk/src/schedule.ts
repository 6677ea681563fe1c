// Puts calls together: however often something is wanted within a frame, it is done once.

const FRAME_MS = 16;
/** Browsers paint no frames in tabs that nobody sees, and slow their timers down anyway. */
const HIDDEN_MS = 100;

/** @returns a function that has `work` done soon: at the next frame in a browser, else within 16 ms. */
export function createSchedule(work: () => void): () => void {
  let planned = false;
  const run = (): void => {
    planned = false;
    work();
  };
  return () => {
    if (planned) return;
    planned = true;
    const { document, requestAnimationFrame } = globalThis as Partial<typeof globalThis>;
    if (requestAnimationFrame && document?.visibilityState === 'visible') requestAnimationFrame(run);
    else setTimeout(run, document?.visibilityState === 'hidden' ? HIDDEN_MS : FRAME_MS);
  };
}

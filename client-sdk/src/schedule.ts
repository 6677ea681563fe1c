// Puts calls together: however often something is wanted within a frame, it is done once.

const FRAME_MS = 16;
/** Nobody looks, or the browser paints no frames: a title that counts items is still to be right. */
const UNSEEN_MS = 100;

/** @returns a function that has `work` done soon: at the next frame in a browser, else within 16 ms. */
export function createSchedule(work: () => void): () => void {
  let cancel: (() => void) | null = null;

  function run(): void {
    cancel?.();
    cancel = null;
    work();
  }

  return () => {
    if (cancel) return;
    const { document, requestAnimationFrame, cancelAnimationFrame } = globalThis as Partial<typeof globalThis>;
    if (requestAnimationFrame && cancelAnimationFrame && document?.visibilityState === 'visible') {
      const frame = requestAnimationFrame(run);
      // A tab may be hidden before the frame, and frames out of sight are never painted.
      const timer = setTimeout(run, UNSEEN_MS);
      cancel = () => {
        cancelAnimationFrame(frame);
        clearTimeout(timer);
      };
    } else {
      const timer = setTimeout(run, document?.visibilityState === 'hidden' ? UNSEEN_MS : FRAME_MS);
      cancel = () => clearTimeout(timer);
    }
  };
}

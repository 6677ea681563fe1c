// Style sheets of parts that are chunks of their own. Vite asks for each one once: a part that is loaded again after a failure would come
// without those that were missing, so they are asked for again here.

const failed = new Set<HTMLLinkElement>();

// Of elements it does not bubble.
window.addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') failed.add(target);
  },
  true,
);

const askAgain = (link: HTMLLinkElement): Promise<void> =>
  new Promise((resolve, reject) => {
    const next = link.cloneNode() as HTMLLinkElement;
    next.onload = () => {
      failed.delete(link);
      link.remove();
      resolve();
    };
    next.onerror = () => {
      failed.delete(next);
      next.remove();
      reject(new Error(`${link.href} could not be loaded.`));
    };
    document.head.append(next);
  });

/** Resolves when no style sheet is missing any more; rejects while one still cannot be had. */
export const missingStyles = (): Promise<unknown> => Promise.all(Array.from(failed, askAgain));

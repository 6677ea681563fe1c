// A name for this tab that a reload keeps and a copy of the tab does not: tabs must not move each other's positions.
import { createUuid } from './uuid.js';

const KEY = 'workitem-hub:tab';
/** At a reload the page before may not be quite gone. */
const GOING_MS = 500;

/**
 * The tab's name. It lies in `sessionStorage`, which a duplicated tab inherits: so the name is held by a lock for as long as
 * the page lives, and whoever finds it held takes a new one. Without such a store or such locks it lives with the page.
 */
export function tabId(): Promise<string> {
  named ??= findName();
  return named;
}

/** Whoever asks twice is still the same tab. */
let named: Promise<string> | undefined;

async function findName(): Promise<string> {
  const known = read();
  if (known && (await hold(known))) return known;
  const own = createUuid();
  await hold(own);
  try {
    sessionStorage.setItem(KEY, own);
  } catch {
    // No store, or none that lets us: the name ends with the page.
  }
  return own;
}

function read(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Whether the name is this page's now. */
function hold(id: string): Promise<boolean> {
  const { locks } = (globalThis as { navigator?: Partial<Navigator> }).navigator ?? {};
  // Without locks nobody can tell a copy from a reload: better an event again than one that another tab has had.
  if (!locks?.request) return Promise.resolve(false);
  return new Promise((resolve) => {
    locks
      .request(`${KEY}:${id}`, { signal: AbortSignal.timeout(GOING_MS) }, () => {
        resolve(true);
        // Held until the page is gone.
        return new Promise<void>(() => {});
      })
      .catch(() => resolve(false));
  });
}

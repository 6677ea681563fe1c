// What this tab keeps while it stands. Where the browser's own store is forbidden or full, the page remembers it for as long as it stands itself.

const memory = new Map<string, string>();

function browserStore(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
const own = browserStore();
const keys = (): string[] => [...Object.keys(own ?? {}), ...memory.keys()];

/** As much of a `Storage` as is used; none of it throws. */
export const tabStore = {
  keys,
  get length(): number {
    return keys().length;
  },
  key: (index: number): string | null => keys()[index] ?? null,
  getItem: (key: string): string | null => memory.get(key) ?? own?.getItem(key) ?? null,
  /** @returns whether it is still there when the page is loaded anew */
  setItem(key: string, value: string): boolean {
    // What was there before is not to come back.
    tabStore.removeItem(key);
    try {
      if (own) {
        own.setItem(key, value);
        return true;
      }
    } catch {
      // Full.
    }
    memory.set(key, value);
    return false;
  },
  removeItem(key: string): void {
    memory.delete(key);
    own?.removeItem(key);
  },
};

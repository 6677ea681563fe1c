// Keys as they are written on the keyboard of the reader.

const NAMES: Record<string, string> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  PageDown: 'Page ↓',
  PageUp: 'Page ↑',
  Escape: 'Esc',
};
const MOD = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';

/** `Mod+k` as `Ctrl K`, `g m` as `G M`, `J` as `Shift J`. */
export const wordsOfKeys = (keys: string): string[] =>
  keys.split(/[ +]/).flatMap((one) => {
    if (one === 'Mod') return MOD;
    if (/^[A-Z]$/.test(one)) return ['Shift', one];
    return NAMES[one] ?? (one.length === 1 ? one.toUpperCase() : one);
  });

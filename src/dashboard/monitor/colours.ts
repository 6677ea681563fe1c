// The colours of the theme for what is drawn on a canvas, which knows no CSS.
import { preferences } from '../notices/preferences';

/** What a token such as `--accent` is now; only an element's own colour says it for `light-dark()`. */
export function colourOf(element: HTMLElement, token: string): string {
  const before = element.style.color;
  element.style.color = `var(${token})`;
  const { color } = getComputedStyle(element);
  element.style.color = before;
  return color;
}

/** Calls the listener when the theme has changed. */
export function onTheme(listener: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const stop = preferences.subscribe(listener);
  dark.addEventListener('change', listener);
  return () => {
    stop();
    dark.removeEventListener('change', listener);
  };
}

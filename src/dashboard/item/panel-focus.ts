// Whether the focus is to go to the item's panel, also to one that is not there yet: by the keyboard it does, by a click it stays in the list.
import { createValue } from '../ui/value';

/** Counts the wishes. */
export const focusWish = createValue(0);
let wanted = false;

export function focusPanel(): void {
  wanted = true;
  focusWish.write(focusWish.read() + 1);
}

/** Whether there is a wish; there is none afterwards. */
export function takeFocusWish(): boolean {
  const was = wanted;
  wanted = false;
  return was;
}

/** Whether the focus is in the panel. */
export const isInPanel = (): boolean => Boolean(document.activeElement?.closest('#item'));

/** Gives the focus, if nobody has it, to the row at which the keyboard is. */
export function focusList(): void {
  if (document.activeElement && document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>('#items [role=row][tabindex="0"]')?.focus({ preventScroll: true });
}

// Short words at the foot of the page about something that was done, with a way back where there is one.
import { useEffect, useState } from 'react';
import { createValue, useValue } from './value';
import style from './toasts.module.css';

export interface ToastOptions {
  /** Takes back what was done; also by its key, for as long as the words stand. */
  undo?: (() => void) | undefined;
  /** Something else that may be wanted now. */
  action?: { words: string; run: () => void } | undefined;
  kind?: 'done' | 'failed';
  /** Items that it is about: what was said before of the same ones is over, and so is its way back. */
  about?: readonly number[];
}

interface Toast extends ToastOptions {
  id: number;
  message: string;
}

const SHOWN_MS = 7_000;
/** Time to change one's mind, or to read what went wrong. */
const LONG_MS = 10_000;
const MOST = 3;
const toasts = createValue<readonly Toast[]>([]);
let count = 0;

/** What was not done is read before it goes: the oldest of what was done makes room for it. */
function withRoom(all: readonly Toast[]): readonly Toast[] {
  const isRefusal = ({ kind, action }: Toast): boolean => kind === 'failed' || action !== undefined;
  const refusals = all.filter(isRefusal).slice(-MOST);
  // What has just been done is said in any case, as there is a way back from it.
  const others = all.filter((one) => !isRefusal(one)).slice(-Math.max(1, MOST - refusals.length));
  return all.filter((one) => refusals.includes(one) || others.includes(one));
}

export function toast(message: string, options: ToastOptions = {}): void {
  clearAbout(options.about ?? []);
  // Said once is enough, unless there is something to do about each.
  const standing = toasts.read().filter((one) => one.message !== message || one.undo || one.action);
  toasts.write(withRoom([...standing, { ...options, id: ++count, message }]));
}

/** What was said of these items, and of no others, is over. */
export function clearAbout(ids: readonly number[]): void {
  const isOver = ({ about = [] }: Toast): boolean => about.length > 0 && about.every((id) => ids.includes(id));
  if (toasts.read().some(isOver)) toasts.write(toasts.read().filter((one) => !isOver(one)));
}

/** Whether the words still stand. */
export const isSaid = (message: string): boolean => toasts.read().some((one) => one.message === message);

const dismiss = (id: number): void => toasts.write(toasts.read().filter((one) => one.id !== id));

/** Takes back what was done last. `false` when there is nothing to take back, or not any more. */
export function undoLatest(): boolean {
  const latest = toasts.read().findLast(({ undo }) => undo !== undefined);
  if (!latest) return false;
  dismiss(latest.id);
  latest.undo?.();
  return true;
}

/** What was said before is of another person. */
export const clearToasts = (): void => toasts.write([]);

export function Toasts() {
  const shown = useValue(toasts);
  return (
    <div className={style.toasts} id="toasts" role="status" aria-live="polite">
      {shown.map((one) => (
        <One key={one.id} {...one} />
      ))}
    </div>
  );
}

function One({ id, message, undo, action, kind = 'done' }: Toast) {
  // Whoever points at it, or has come to it by Tab, is reading.
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => dismiss(id), undo || action || kind === 'failed' ? LONG_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, held, undo, action, kind]);
  const after = (run: () => void) => () => {
    dismiss(id);
    run();
  };
  return (
    <div
      className={style.toast}
      data-kind={kind}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{message}</span>
      {action && (
        <button type="button" className="button" onClick={after(action.run)}>
          {action.words}
        </button>
      )}
      {undo && (
        <button type="button" className="button" aria-keyshortcuts="u" onClick={after(undo)}>
          Undo <kbd aria-hidden>U</kbd>
        </button>
      )}
    </div>
  );
}

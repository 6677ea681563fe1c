// Short words at the foot of the page about something that was done, with a way back where there is one.
import { useEffect } from 'react';
import { createValue, useValue } from './value';
import style from './toasts.module.css';

export interface ToastOptions {
  /** Takes back what was done. */
  undo?: () => void;
  kind?: 'done' | 'failed';
}

interface Toast extends ToastOptions {
  id: number;
  message: string;
}

const SHOWN_MS = 7_000;
const MOST = 3;
const toasts = createValue<readonly Toast[]>([]);
let count = 0;

export function toast(message: string, options: ToastOptions = {}): void {
  toasts.write([...toasts.read(), { ...options, id: ++count, message }].slice(-MOST));
}

const dismiss = (id: number): void => toasts.write(toasts.read().filter((one) => one.id !== id));

export function Toasts() {
  const shown = useValue(toasts);
  return (
    <div className={style.toasts} role="status" aria-live="polite">
      {shown.map((one) => (
        <One key={one.id} {...one} />
      ))}
    </div>
  );
}

function One({ id, message, undo, kind = 'done' }: Toast) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id]);
  return (
    <div className={style.toast} data-kind={kind}>
      <span>{message}</span>
      {undo && (
        <button
          type="button"
          className="button"
          onClick={() => {
            dismiss(id);
            undo();
          }}
        >
          Undo
        </button>
      )}
    </div>
  );
}

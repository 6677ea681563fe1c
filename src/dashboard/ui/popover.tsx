// A button with a small panel below it; closes by Escape, a click elsewhere, and when the focus leaves.
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import style from './popover.module.css';

export interface PopoverProps {
  /** What the button shows. */
  button: ReactNode;
  /** Its name, where it shows no words. */
  label?: string | undefined;
  id?: string;
  className?: string;
  /** The side of the button at which the panel stands. */
  align?: 'start' | 'end';
  /** Where the panel opens; default below. */
  side?: 'below' | 'above';
  panelLabel: string;
  children: (close: () => void) => ReactNode;
}

export function Popover({
  button,
  label,
  id: name,
  className = 'button',
  align = 'start',
  side = 'below',
  panelLabel,
  children,
}: PopoverProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();

  function close(): void {
    setOpen(false);
    trigger.current?.focus();
  }

  useEffect(() => {
    if (!open) return undefined;
    const inside = panel.current?.querySelector<HTMLElement>('[autofocus], input, select, button, [tabindex="0"]');
    (inside ?? panel.current)?.focus();
    const leave = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
    };
  }, [open]);

  return (
    <div
      ref={root}
      className={style.root}
      onKeyDown={(event) => {
        if (!open) return;
        // The keys of the table are not meant.
        if (event.key !== 'Tab') event.nativeEvent.stopPropagation();
        if (event.key === 'Escape') {
          event.preventDefault();
          close();
        }
      }}
    >
      <button
        ref={trigger}
        id={name}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div
          ref={panel}
          id={id}
          role="group"
          aria-label={panelLabel}
          tabIndex={-1}
          className={style.panel}
          data-align={align}
          data-side={side}
          data-keys="own"
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}

// The steps that come next, as a menu: arrows, first letters, Enter.
import type { Item, Status } from '@workitem-hub/client';
import { type KeyboardEvent, useRef } from 'react';
import { StatusMark } from '../table/cells';
import { needsReason, stepLabel } from './actions';
import style from './work.module.css';

/** Time within which letters belong to one word. */
const WORD_MS = 700;

export interface StatusListProps {
  steps: readonly Status[];
  /** What it stands at; `null` for several. */
  from: Item['status'] | null;
  onChoose: (status: Status) => void;
}

export function StatusList({ steps, from, onChoose }: StatusListProps) {
  const menu = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });

  function move(event: KeyboardEvent): void {
    const buttons = [...(menu.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      buttons.at(to % buttons.length)?.focus();
    } else if (/^\S$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const { text, at: last } = typed.current;
      const word = (event.timeStamp - last < WORD_MS ? text : '') + event.key.toLowerCase();
      typed.current = { text: word, at: event.timeStamp };
      buttons.find((button) => button.textContent?.toLowerCase().startsWith(word))?.focus();
    }
  }

  return (
    <div ref={menu} role="menu" aria-label="Next status" className={style.steps} onKeyDown={move}>
      {steps.map((status, index) => (
        <button
          key={status}
          type="button"
          role="menuitem"
          tabIndex={index === 0 ? 0 : -1}
          data-first={index === 0 || undefined}
          data-step={status}
          aria-haspopup={needsReason(status) ? 'dialog' : undefined}
          onClick={() => onChoose(status)}
        >
          <span>{stepLabel(status, from)}</span>
          <StatusMark status={status} />
        </button>
      ))}
    </div>
  );
}

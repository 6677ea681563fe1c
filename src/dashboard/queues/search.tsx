// The search over what one may see.
import { Search as Magnifier, X } from 'lucide-react';
import { useRef } from 'react';
import { useShortcuts } from '../keys/shortcuts';
import { useView } from './view-url';
import style from './search.module.css';

/** Rows may be about to come, or none: what is typed next are keys either way, not more of the text. */
const toList = (): void =>
  (document.querySelector<HTMLElement>('#items [role=row][tabindex="0"]') ?? document.getElementById('items'))?.focus();

export function Search() {
  const [{ text }, change] = useView();
  const input = useRef<HTMLInputElement>(null);
  useShortcuts({
    search: () => {
      input.current?.focus();
      input.current?.select();
    },
  });
  return (
    <div className={style.search} role="search">
      <Magnifier aria-hidden size={14} />
      <input
        ref={input}
        id="search"
        type="text"
        inputMode="search"
        enterKeyHint="search"
        autoComplete="off"
        spellCheck={false}
        placeholder="Search"
        aria-label="Search insured, subject, broker, sender"
        maxLength={200}
        value={text}
        onChange={({ target }) => change({ text: target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault();
            if (text) change({ text: '' });
            else toList();
          }
          if (event.key === 'Enter' || event.key === 'ArrowDown') {
            event.preventDefault();
            toList();
          }
        }}
      />
      {text ? (
        <button type="button" aria-label="Clear the search" onClick={() => change({ text: '' })}>
          <X aria-hidden size={13} />
        </button>
      ) : (
        <kbd aria-hidden className="keycap">
          /
        </kbd>
      )}
    </div>
  );
}

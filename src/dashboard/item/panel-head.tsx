// The head of the panel, which stays while one reads on: which item it is, and the ways to the next one and out.
import { ChevronDown, ChevronUp, type LucideIcon, X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { runShortcut } from '../keys/shortcuts';
import { openItem } from '../queues/view-url';
import style from './item-panel.module.css';

export function PanelHead({
  id,
  title,
  heading,
  facts,
  children,
}: {
  id: number;
  title: string;
  heading: RefObject<HTMLHeadingElement | null>;
  facts?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className={style.head}>
      <div className={style.bar}>
        <p className={style.facts}>
          <span>No. {id}</span>
          {facts}
        </p>
        <Way words="Previous item" icon={ChevronUp} onClick={() => runShortcut('previous')} />
        <Way words="Next item" icon={ChevronDown} onClick={() => runShortcut('next')} />
        <Way words="Close" icon={X} onClick={() => openItem(null)} />
      </div>
      {/* Another one for each item: screen readers read what gets the focus, not what changes in it. */}
      <h2 key={id} ref={heading} tabIndex={-1} dir="auto" title={title}>
        {title}
      </h2>
      {children}
    </header>
  );
}

function Way({ words, icon: Icon, onClick }: { words: string; icon: LucideIcon; onClick: () => void }) {
  return (
    <button type="button" className="button icon" aria-label={words} title={words} onClick={onClick}>
      <Icon aria-hidden size={16} />
    </button>
  );
}

// Says something that there is nothing to answer to.
import type { ReactNode } from 'react';
import { Dialog } from '../ui/dialog';
import style from './work.module.css';

interface MessageDialogProps {
  id: string;
  title: string;
  className?: string | undefined;
  onClose: () => void;
  children: ReactNode;
}

export function MessageDialog({ id, title, className = '', onClose, children }: MessageDialogProps) {
  return (
    <Dialog label={title} className={className} onClose={onClose}>
      <div id={id} className={style.dialog}>
        <h2>{title}</h2>
        {children}
        <div className={style.buttons}>
          <button type="button" className="button primary" data-first onClick={onClose}>
            Close
          </button>
        </div>
      </div>
    </Dialog>
  );
}

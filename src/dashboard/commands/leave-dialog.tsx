// Asks before somebody signs out, or another signs in by a link, over what is not answered yet.
import { useWorkItemClient } from '@workitem-hub/client/react';
import { Dialog } from '../ui/dialog';
import { useValue } from '../ui/value';
import { changesWere, unansweredOf } from './unanswered';
import style from './work.module.css';

interface LeaveDialogProps {
  leave: () => void;
  newcomer?: boolean;
  onClose: () => void;
}

export function LeaveDialog({ leave, newcomer, onClose }: LeaveDialogProps) {
  const way = newcomer ? 'sign in' : 'sign out';
  const title = newcomer ? 'Sign in by the link' : 'Sign out';
  const { waiting } = useValue(unansweredOf(useWorkItemClient()));
  return (
    <Dialog label={title} className={style.small as string} onClose={onClose}>
      <div id="leave-dialog" className={style.dialog}>
        <h2>{title}?</h2>
        <p className={style.note} role="status">
          {waiting > 0
            ? `${changesWere(waiting)} not answered by the hub yet. What has not been sent is dropped when you ${way}.`
            : 'All of your changes were answered by now.'}
        </p>
        <div className={style.buttons}>
          <button
            type="button"
            className="button outlined"
            id="leave"
            onClick={() => {
              onClose();
              leave();
            }}
          >
            {waiting > 0 ? `Drop them and ${way}` : title}
          </button>
          <button type="button" className="button primary" id="stay" data-first onClick={onClose}>
            Stay
          </button>
        </div>
      </div>
    </Dialog>
  );
}

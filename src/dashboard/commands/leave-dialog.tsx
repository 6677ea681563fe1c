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
  const way = newcomer ? 'sign in by the link' : 'sign out';
  const sentence = way[0]?.toUpperCase() + way.slice(1);
  const { waiting } = useValue(unansweredOf(useWorkItemClient()));
  return (
    <Dialog label={sentence} className={style.small as string} onClose={onClose}>
      <div id="leave-dialog" className={style.dialog}>
        <h2>{sentence}?</h2>
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
            {waiting > 0 ? `Drop them and ${way}` : sentence}
          </button>
          <button type="button" className="button primary" id="stay" data-first onClick={onClose}>
            Stay
          </button>
        </div>
      </div>
    </Dialog>
  );
}

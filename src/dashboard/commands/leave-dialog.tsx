// Asks before somebody signs out over what is not answered yet.
import { useWorkItemClient } from '@workitem-hub/client/react';
import { Dialog } from '../ui/dialog';
import { useValue } from '../ui/value';
import { changesWere, unansweredOf } from './unanswered';
import style from './work.module.css';

export function LeaveDialog({ leave, onClose }: { leave: () => void; onClose: () => void }) {
  const { waiting } = useValue(unansweredOf(useWorkItemClient()));
  return (
    <Dialog label="Sign out" className={style.small as string} onClose={onClose}>
      <div id="leave-dialog" className={style.dialog}>
        <h2>Sign out?</h2>
        <p className={style.note} role="status">
          {waiting > 0
            ? `${changesWere(waiting)} not answered by the hub yet. What has not been sent is dropped when you sign out.`
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
            {waiting > 0 ? 'Drop them and sign out' : 'Sign out'}
          </button>
          <button type="button" className="button primary" id="stay" data-first onClick={onClose}>
            Stay
          </button>
        </div>
      </div>
    </Dialog>
  );
}

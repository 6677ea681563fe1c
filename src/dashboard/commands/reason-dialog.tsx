// Asks why, where the hub wants to know.
import { MAX_REASON, type Status } from '@workitem-hub/client';
import { useConnection, useWorkItemClient } from '@workitem-hub/client/react';
import { type FormEvent, useRef, useState } from 'react';
import { perClient } from '../hub/per-client';
import { formatCount } from '../locale/format';
import { statusWords } from '../table/cells';
import { Dialog } from '../ui/dialog';
import { allowedOnAll, stepWords } from './actions';
import { nameOfTarget, order } from './target';
import { useItems } from './use-items';
import style from './work.module.css';

/** From here on it is said how much room is left. */
const NEAR_END = 200;
const MANY = 50;
/** What was written for a step that was not taken, or was refused, is still there when it is tried again, in this session. */
const draftsOf = perClient(() => new Map<string, string>());

export interface ReasonDialogProps {
  ids: readonly number[];
  status: Status;
  onClose: () => void;
}

export function ReasonDialog({ ids, status, onClose }: ReasonDialogProps) {
  const client = useWorkItemClient();
  const { principal } = useConnection();
  const drafts = draftsOf(client);
  const key = `${status} ${ids.join()}`;
  const [reason, setReason] = useState(drafts.get(key) ?? '');
  const [missing, setMissing] = useState(false);
  const text = useRef<HTMLTextAreaElement>(null);
  const items = useItems(ids);
  const verb = stepWords(status, null);
  const possible = items.length === ids.length && allowedOnAll(items, principal).steps.includes(status);
  const left = MAX_REASON - reason.length;

  function write(next: string): void {
    setReason(next);
    setMissing(false);
    drafts.delete(key);
    if (next.trim()) drafts.set(key, next);
    if (drafts.size > MANY) drafts.delete(drafts.keys().next().value as string);
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!possible) return;
    if (!reason.trim()) {
      setMissing(true);
      text.current?.focus();
      return;
    }
    onClose();
    order(client, items, { kind: 'status', status, reason: reason.trim() });
  }

  return (
    <Dialog label={`${verb} ${nameOfTarget(items)}`} onClose={onClose}>
      <form id="reason-dialog" className={style.dialog} onSubmit={submit} noValidate>
        <h2>
          {verb} {nameOfTarget(items)}
        </h2>
        <label htmlFor="reason">Reason</label>
        <textarea
          ref={text}
          id="reason"
          data-first
          rows={5}
          required
          maxLength={MAX_REASON}
          value={reason}
          aria-invalid={missing || undefined}
          aria-describedby="reason-note"
          onChange={({ target }) => write(target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
          }}
        />
        <p id="reason-note" className={style.note} role="status" data-bad={missing || !possible || undefined}>
          {possible
            ? missing
              ? 'Say why: it stands in the history of the item.'
              : left < NEAR_END
                ? `${formatCount(left)} characters left.`
                : 'It stands in the history of the item.'
            : `This is not possible any more: ${items.length === 1 && items[0] ? `it is ${statusWords(items[0].status).toLowerCase()} now` : 'it is not on your list any more'}.`}
        </p>
        <div className={style.buttons}>
          <button type="button" className="button outlined" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={!possible}>
            {verb} <kbd aria-hidden>Ctrl</kbd> <kbd aria-hidden>↵</kbd>
          </button>
        </div>
      </form>
    </Dialog>
  );
}

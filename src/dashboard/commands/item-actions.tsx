// What may be done to the open item: its usual next step, the other steps, who has it.
import type { Item } from '@workitem-hub/client';
import { useConnection, useWorkItemClient } from '@workitem-hub/client/react';
import { type MouseEvent, useLayoutEffect, useRef } from 'react';
import { useValue } from '../ui/value';
import { allowedOn, claimWords, type Order, stepLabel, stepWords, usualOrder } from './actions';
import { StatusButton } from './status-button';
import { order } from './target';
import style from './work.module.css';
import { isAway } from './unsent';
import { workOf } from './work';

export function ItemActions({ item }: { item: Item }) {
  const client = useWorkItemClient();
  const { principal, name } = useConnection();
  const waiting = useValue(workOf(client).waiting).get(item.id);
  const allowed = allowedOn(item, principal);
  const usual = usualOrder(item, allowed);
  const bar = useRef<HTMLDivElement>(null);
  useKeptFocus(bar);

  const give = (wanted: Order | 'assign') => (event: MouseEvent) => {
    // The second click of two would be for what has come in the place of the first.
    if (event.detail < 2) order(client, [item], wanted);
  };
  const steps = allowed.steps.filter((status) => !(allowed.claim && stepWords(status, item.status) === 'Start'));
  if (!usual && steps.length === 0 && !allowed.assign && !allowed.release) return null;
  return (
    <div ref={bar} id="item-actions" className={style.actions} role="group" aria-label="What to do" tabIndex={-1}>
      {usual && usual !== 'assign' && (
        <button
          key={usual.kind === 'status' ? usual.status : usual.kind}
          type="button"
          id="usual"
          className="button primary"
          aria-keyshortcuts={usual.kind === 'claim' ? 'c' : 'e'}
          onClick={give(usual)}
        >
          {usual.kind === 'status' ? stepLabel(usual.status, item.status) : claimWords(item)}
          <kbd aria-hidden>{usual.kind === 'claim' ? 'C' : 'E'}</kbd>
        </button>
      )}
      {steps.length > 0 && <StatusButton id="item-status" items={[item]} steps={steps} from={item.status} />}
      {allowed.assign && (
        <button
          type="button"
          id="item-assign"
          className={usual === 'assign' ? 'button primary' : 'button outlined'}
          aria-keyshortcuts="a"
          onClick={give('assign')}
        >
          Assign … <kbd aria-hidden>A</kbd>
        </button>
      )}
      {allowed.release && (
        <button
          type="button"
          id="item-release"
          className="button outlined"
          aria-keyshortcuts="r"
          onClick={give({ kind: 'release' })}
        >
          Release <kbd aria-hidden>R</kbd>
        </button>
      )}
      {isAway(name) && (
        <p className={style.note}>
          {waiting
            ? 'Will be sent when the connection is back.'
            : 'Offline: what you do is sent when the connection is back.'}
        </p>
      )}
    </div>
  );
}

/** A button that goes when it was used leaves the focus with the bar: with the next button it would be used unseen. */
function useKeptFocus(bar: React.RefObject<HTMLDivElement | null>): void {
  const had = useRef(false);
  useLayoutEffect(() => {
    const element = bar.current;
    if (!element) return undefined;
    if (had.current && document.activeElement === document.body) element.focus({ preventScroll: true });
    const look = (): void => {
      had.current = element.contains(document.activeElement);
    };
    document.addEventListener('focusin', look);
    return () => document.removeEventListener('focusin', look);
  });
}

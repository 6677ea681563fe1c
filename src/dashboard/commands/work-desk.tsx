// Work as the page has it: its keys, the bar for several items, its dialogs.
import type { Item, Principal, WorkItemClient } from '@workitem-hub/client';
import { useConnection, useWorkItemClient } from '@workitem-hub/client/react';
import { isSupervisor } from '@workitem-hub/client/steps';
import { useEffect } from 'react';
import { useApi } from '../hub/api';
import { useShortcuts } from '../keys/shortcuts';
import { useSession } from '../session/session';
import { activeItem, clearSelection } from '../table/selection';
import { LazyPart, lazyPart } from '../ui/lazy-part';
import { clearToasts, toast, undoLatest } from '../ui/toasts';
import { useValue } from '../ui/value';
import { BulkBar } from './bulk-bar';
import { showDialog, workDialog } from './dialog-state';
import { LeaveDialog } from './leave-dialog';
import { loadColleagues, noteColleagues } from './people';
import { meansSelection, nameOfTarget, offersFor, order, targetOf } from './target';
import { Unsent } from './unsent';
import { workOf } from './work';

export const loadDialogs = () => import('./dialogs');
const Dialogs = lazyPart(loadDialogs);

export function WorkDesk() {
  const client = useWorkItemClient();
  const { principal } = useConnection();
  const dialog = useValue(workDialog);
  usePeople(client, principal);
  useEffect(
    () => () => {
      // What this person did here is not for the next one.
      workOf(client).leave();
      showDialog(null);
      clearToasts();
      clearSelection();
      activeItem.write(null);
    },
    [client],
  );

  /** @param key as the table of keys has it */
  function byKey(key: string, otherwise: string): void {
    const items = targetOf(client);
    if (items.length === 0) return toast('Go to an item first, with J and K.');
    const offer = offersFor(items, principal).find((one) => one.key === key);
    if (offer) order(client, items, offer.order);
    else toast(`${nameOfTarget(items)}: ${otherwise}`);
  }

  function usual(): void {
    const items = targetOf(client);
    const waiting = workOf(client).waiting.read();
    const isOnItsWay = ({ id }: Item): boolean => waiting.get(id)?.some(({ kind }) => kind === 'status') ?? false;
    // Which step is the next one is certain when the hub has answered.
    if (!items.some(isOnItsWay)) return byKey('e', 'no usual next step.');
    toast(`${nameOfTarget(items)}: the step before is not answered yet.`, { about: items.map(({ id }) => id) });
  }

  function status(): void {
    const items = targetOf(client);
    if (items.length === 0) return toast('Go to an item first, with J and K.');
    const steps = offersFor(items, principal).filter(
      (one) => typeof one.order === 'object' && one.order.kind === 'status',
    );
    if (steps.length === 0) return toast(`${nameOfTarget(items)}: no step that you may take.`);
    const button = document.getElementById(meansSelection() ? 'bulk-status' : 'item-status');
    if (button) button.click();
    else showDialog({ kind: 'status', ids: items.map(({ id }) => id) });
  }

  useShortcuts({
    claim: () => byKey('c', 'nothing to claim.'),
    usual,
    assign: () => byKey('a', 'only a supervisor assigns.'),
    release: () => byKey('r', 'nothing to release.'),
    status,
    undo: () => {
      if (!undoLatest()) toast('There is nothing to undo.');
    },
  });

  return (
    <>
      <BulkBar />
      <Unsent />
      {/* Not loaded when it is needed: that is when there is no network. */}
      {dialog?.kind === 'leave' && <LeaveDialog {...dialog} onClose={() => showDialog(null)} />}
      {dialog && dialog.kind !== 'leave' && (
        <LazyPart what="The dialog" onFailure={() => showDialog(null)}>
          <Dialogs dialog={dialog} />
        </LazyPart>
      )}
    </>
  );
}

/** Has the names of people at hand: those of the demonstration, and for who hands out work everybody's. */
function usePeople(client: WorkItemClient, principal: Principal | null): void {
  const api = useApi();
  const { desk } = useSession();
  const handsOut = principal !== null && isSupervisor(principal);
  useEffect(() => {
    if (desk?.auth.kind !== 'demo') return;
    noteColleagues(
      client,
      // Their names and teams only: the hub gives items to nobody who has never signed in.
      desk.auth.people.map(({ sub, ...person }) => ({ ...person, id: sub, roles: [] })),
    );
  }, [client, desk]);
  useEffect(() => {
    // Without them there are ids in place of names.
    if (handsOut) void loadColleagues(client, api).catch(() => {});
  }, [client, handsOut, api]);
}

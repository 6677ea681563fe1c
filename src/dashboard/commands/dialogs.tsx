// The dialogs about work; a chunk of its own, fetched ahead.
import { showDialog, type WorkDialog } from './dialog-state';
import { AssignDialog } from './assign-dialog';
import { ReasonDialog } from './reason-dialog';
import { RefusedDialog } from './refused-dialog';
import { StatusDialog } from './status-dialog';

export default function Dialogs({ dialog }: { dialog: Exclude<WorkDialog, { kind: 'leave' }> }) {
  const close = (): void => showDialog(null);
  switch (dialog.kind) {
    case 'assign':
      return <AssignDialog ids={dialog.ids} onClose={close} />;
    case 'reason':
      return <ReasonDialog ids={dialog.ids} status={dialog.status} onClose={close} />;
    case 'status':
      return <StatusDialog ids={dialog.ids} onClose={close} />;
    case 'refused':
      return <RefusedDialog refusals={dialog.refusals} onClose={close} />;
  }
}

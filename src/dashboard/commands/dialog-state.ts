// Which dialog about work is open. The dialogs themselves are a chunk of their own.
import type { Item, Status } from '@workitem-hub/client';
import { createValue } from '../ui/value';
import type { Refusal } from './refusals';

export type WorkDialog =
  | { kind: 'status'; ids: readonly number[] }
  | { kind: 'reason'; ids: readonly number[]; status: Status }
  | { kind: 'assign'; ids: readonly number[] }
  | { kind: 'refused'; refusals: readonly (Refusal & { item: Item })[] }
  /** Asks whether to go all the same; `newcomer` when it is for whoever a sign-in link is for. */
  | { kind: 'leave'; leave: () => void; newcomer?: boolean };

export const workDialog = createValue<WorkDialog | null>(null);

export const showDialog = (dialog: WorkDialog | null): void => workDialog.write(dialog);

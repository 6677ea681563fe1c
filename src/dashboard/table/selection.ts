// Which rows are selected, and which one the keyboard is at.
import { createValue, useValue } from '../ui/value';

const NONE: ReadonlySet<number> = new Set();

/** Ids of the selected items. */
export const selection = createValue<ReadonlySet<number>>(NONE);
/** The item that keys are about; it need not be open. */
export const activeItem = createValue<number | null>(null);

export const useSelection = (): ReadonlySet<number> => useValue(selection);
export const useActiveItem = (): number | null => useValue(activeItem);

/** Selects an item that is not, and the other way round. */
export function toggleSelected(id: number): void {
  const next = new Set(selection.read());
  if (!next.delete(id)) next.add(id);
  selection.write(next);
}

export const clearSelection = (): void => selection.write(NONE);

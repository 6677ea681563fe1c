// A value that this browser keeps, as components look at it.
import { useSyncExternalStore } from 'react';
import type { Stored } from './stored';

/** The value, live, and how to change it. */
export function useStored<T extends object>(stored: Stored<T>): [T, (value: T) => void] {
  return [useSyncExternalStore(stored.subscribe, stored.read), stored.write];
}

// All keys of the desk, in one table: what they do comes from the parts that can do it, the help is made of it.
import type { Principal } from '@workitem-hub/client';
import { isSupervisor } from '@workitem-hub/client/steps';
import { useEffect, useLayoutEffect, useRef } from 'react';

export interface Shortcut {
  /** What is done. */
  name: string;
  /** Any of these; `g m` is one key after the other, `Mod` Ctrl or, on a Mac, Cmd. As `KeyboardEvent.key` names them. */
  keys: readonly string[];
  words: string;
  group: 'Move' | 'Work' | 'Go to' | 'Desk';
  /** Also while something is being typed. */
  always?: boolean;
  /** Only while the focus is in the table, or nowhere: elsewhere the key has its own use. */
  table?: boolean;
  /** Leads on to something else to do under the same key: the second press of two would be for what has come in the place of the first. */
  leadsOn?: boolean;
  /** Who has a use for it; others need not know. */
  role?: 'underwriter' | 'supervisor';
}

export const SHORTCUTS = [
  { name: 'next', keys: ['j', 'ArrowDown'], words: 'Next item', group: 'Move', table: true },
  { name: 'previous', keys: ['k', 'ArrowUp'], words: 'Previous item', group: 'Move', table: true },
  { name: 'pageDown', keys: ['PageDown'], words: 'A page down', group: 'Move', table: true },
  { name: 'pageUp', keys: ['PageUp'], words: 'A page up', group: 'Move', table: true },
  { name: 'first', keys: ['Home'], words: 'First item', group: 'Move', table: true },
  { name: 'last', keys: ['End'], words: 'Last item', group: 'Move', table: true },
  { name: 'newest', keys: ['n'], words: 'Show new items', group: 'Move' },
  { name: 'extendDown', keys: ['J', 'Shift+ArrowDown'], words: 'Select downwards', group: 'Move', table: true },
  { name: 'extendUp', keys: ['K', 'Shift+ArrowUp'], words: 'Select upwards', group: 'Move', table: true },
  { name: 'open', keys: ['Enter', 'o'], words: 'Open the item', group: 'Work', table: true },
  { name: 'close', keys: ['Escape'], words: 'Close, or clear the selection', group: 'Work', always: true },
  { name: 'select', keys: ['x'], words: 'Select the item', group: 'Work' },
  { name: 'claim', keys: ['c'], words: 'Claim or start', group: 'Work', role: 'underwriter' },
  { name: 'usual', keys: ['e'], words: 'The usual next step', group: 'Work', leadsOn: true },
  { name: 'status', keys: ['s'], words: 'Status', group: 'Work' },
  { name: 'assign', keys: ['a'], words: 'Assign', group: 'Work', role: 'supervisor' },
  { name: 'release', keys: ['r'], words: 'Release', group: 'Work' },
  { name: 'undo', keys: ['u'], words: 'Undo', group: 'Work' },
  { name: 'mine', keys: ['g m'], words: 'Mine', group: 'Go to' },
  { name: 'team', keys: ['g t'], words: 'Team', group: 'Go to' },
  { name: 'pool', keys: ['g p'], words: 'Pool', group: 'Go to' },
  { name: 'all', keys: ['g a'], words: 'All', group: 'Go to' },
  { name: 'monitor', keys: ['g s'], words: 'Monitor', group: 'Go to', role: 'supervisor' },
  { name: 'search', keys: ['/'], words: 'Search', group: 'Desk' },
  { name: 'palette', keys: ['Mod+k'], words: 'Commands', group: 'Desk', always: true },
  { name: 'help', keys: ['?'], words: 'Keys', group: 'Desk' },
] as const satisfies readonly Shortcut[];

export type ShortcutName = (typeof SHORTCUTS)[number]['name'];
type Handlers = Partial<Record<ShortcutName, () => void>>;

/** Time for the second key of two. */
const SEQUENCE_MS = 1_500;
/** Two presses within it are one, as two clicks are. */
const DOUBLE_MS = 500;
const TABLE: readonly Shortcut[] = SHORTCUTS;
/** The latest to come is asked first: a part within another answers before it. */
const parts: { current: Handlers }[] = [];

/** Has this part answer these keys for as long as it is there. */
export function useShortcuts(handlers: Handlers): void {
  const latest = useRef(handlers);
  useLayoutEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const part = latest;
    parts.push(part);
    return () => void parts.splice(parts.indexOf(part), 1);
  }, []);
}

/** Whether any part of the page can do it now. */
export const isAnswered = (name: ShortcutName): boolean => parts.some(({ current }) => current[name] !== undefined);

/** Does what a shortcut does, for menus and the palette. */
export function runShortcut(name: ShortcutName): boolean {
  for (const { current } of parts.toReversed()) {
    if (!current[name]) continue;
    current[name]();
    return true;
  }
  return false;
}

let first: { key: string; at: number } | null = null;
let last = { key: '', at: 0 };

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** A control that has a use of its own for Enter and the arrows. */
const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a, input, [role=separator], [data-keys=own]') !== null;

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  // A dialog has its own keys.
  const modal = document.querySelector('dialog:modal') !== null;
  // Letters say themselves whether Shift was held.
  const named = event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
  const key = event.ctrlKey || event.metaKey ? `Mod+${event.key.toLowerCase()}` : named;
  const sequence = first && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ${key}` : null;
  const typing = isTyping(event.target);
  const again = key === last.key && event.timeStamp - last.at < DOUBLE_MS;
  last = { key, at: event.timeStamp };
  first = null;
  // A button that goes leaves the focus to what is not to be pressed by the same press.
  if (event.repeat && key === 'Enter' && event.target instanceof HTMLButtonElement) return event.preventDefault();
  for (const wanted of sequence ? [sequence, key] : [key]) {
    const shortcut = TABLE.find(({ keys }) => keys.includes(wanted));
    if (!shortcut) continue;
    if (modal && shortcut.name !== 'palette') return;
    if (typing && !shortcut.always) return;
    if (shortcut.table && key.length > 1 && isControl(event.target)) return;
    // Held, a key moves on; what it does it does once.
    if ((event.repeat && shortcut.group !== 'Move') || (again && shortcut.leadsOn)) return event.preventDefault();
    if (runShortcut(shortcut.name as ShortcutName)) event.preventDefault();
    return;
  }
  if (!typing && !modal && TABLE.some(({ keys }) => keys.some((one) => one.startsWith(`${key} `)))) {
    first = { key, at: event.timeStamp };
  }
}

/** The keys that somebody has a use for. */
export const shortcutsFor = (principal: Principal | null): readonly Shortcut[] =>
  TABLE.filter(({ role }) => {
    if (!role || !principal) return true;
    return role === 'supervisor' ? isSupervisor(principal) : principal.roles.includes(role);
  });

/** Listens to the keyboard, once for the page. */
export function useKeyboard(): void {
  useEffect(() => {
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

// What the React hooks and the Vue composables have in common: pieces of a client as sources that a view can follow.
import type { ClientState, WorkItemClient } from './client.js';
import type { Commands } from './commands.js';
import type { Filter, Item, Principal } from './contract.js';
import { createEmitter } from './emitter.js';
import { asError, type WorkItemError } from './errors.js';
import { canonicalFilter } from './filter.js';
import type { ItemList, ItemOrder } from './work-items.js';

/** A value that changes: the same object for as long as nothing did. */
export interface Source<T> {
  readonly read: () => T;
  readonly subscribe: (onChange: () => void) => () => void;
}

/** The state of the connection, and for whom it is. */
export interface Connection extends ClientState {
  /** Who the token speaks for, after the first connection. */
  readonly principal: Principal | null;
}

/** Which of the client's items, and in which order. */
export interface WorkItemsOptions {
  /** Narrows down what the client holds, here only; what it holds is its own `filter`, see `setFilter`. Default: all of it. */
  filter?: Filter | null | undefined;
  /** Default newest first. Keep it outside of the component: another function is another list. */
  order?: ItemOrder | undefined;
}

type Settled<F> = F extends (...args: infer A) => Promise<infer R> ? (...args: A) => Promise<R | null> : never;

/** The client's commands for event handlers: they never reject, and resolve with `null` when `error` says why. */
export type TrackedCommands = { readonly [N in keyof Commands]: Settled<Commands[N]> };

export interface CommandState {
  /** Whether one of these commands is under way. */
  readonly pending: boolean;
  /** Why the latest one that failed did; `null` again when another is begun. */
  readonly error: WorkItemError | null;
}

/** Before there are any, and on the server. */
export const NO_ITEMS: readonly Item[] = Object.freeze([]);

/** On the server. */
export const NOT_CONNECTED: Connection = Object.freeze({
  name: 'idle',
  code: null,
  reason: '',
  retryAt: null,
  principal: null,
});

/** One text for all filters that mean the same. */
export const keyOfFilter = (filter: Filter | null | undefined): string => JSON.stringify(canonicalFilter(filter));

/** The list for a filter's key. It has a filter of its own: the application may write to the one that it gave. */
export function listOf(client: WorkItemClient, key: string, order: ItemOrder | undefined): ItemList {
  return client.workItems.list({ filter: JSON.parse(key) as Filter | null, order });
}

const connections = new WeakMap<WorkItemClient, { state: ClientState; connection: Connection }>();

/** How the client stands; the same object for every caller until something about it changes. */
export function connectionOf(client: WorkItemClient): Connection {
  const { state, principal } = client;
  const last = connections.get(client);
  if (last?.state === state && last.connection.principal === principal) return last.connection;
  const connection = Object.freeze({ ...state, principal });
  connections.set(client, { state, connection });
  return connection;
}

/** The client's commands, and how those that were given here fare. */
export function trackCommands(
  client: WorkItemClient,
): Source<CommandState> & { commands: TrackedCommands; reset: () => void } {
  const emitter = createEmitter<{ change: () => void }>((thrown) => console.error(thrown));
  let underWay = 0;
  let state: CommandState = { pending: false, error: null };

  function show(error: WorkItemError | null): void {
    const pending = underWay > 0;
    if (pending === state.pending && error === state.error) return;
    state = { pending, error };
    emitter.emit('change');
  }

  function tracked<A extends unknown[]>(command: (...args: A) => Promise<Item>) {
    return async (...args: A): Promise<Item | null> => {
      underWay++;
      show(null);
      let failure: WorkItemError | null = null;
      try {
        return await command(...args);
      } catch (thrown) {
        failure = asError(thrown, 'invalid', 'The command could not be given.');
        return null;
      } finally {
        underWay--;
        show(failure ?? state.error);
      }
    };
  }

  return {
    read: () => state,
    subscribe: (onChange) => emitter.on('change', onChange),
    commands: {
      claim: tracked((...args) => client.claim(...args)),
      assign: tracked((...args) => client.assign(...args)),
      setStatus: tracked((...args) => client.setStatus(...args)),
    },
    reset: () => show(null),
  };
}

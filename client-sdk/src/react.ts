// `@workitem-hub/client/react`: live work items as hooks, on React 18 and later.
'use client';
import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useInsertionEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import {
  type CommandState,
  type Connection,
  connectionOf,
  keyOfFilter,
  listOf,
  NO_ITEMS,
  NOT_CONNECTED,
  type TrackedCommands,
  trackCommands,
  type WorkItemsOptions,
} from './binding.js';
import {
  createWorkItemClient,
  type WorkItemClient,
  type WorkItemClientEvents,
  type WorkItemClientOptions,
} from './client.js';
import type { Item } from './contract.js';
import { WorkItemError } from './errors.js';

export type { CommandState, Connection, TrackedCommands, WorkItemsOptions };

export type WorkItemProviderProps = {
  children?: ReactNode;
  /** Whether to connect when the provider is mounted; default true. */
  connect?: boolean;
} & (
  | {
      /** A client of the application's own. The provider never closes it: it may serve other parts, and other mounts. */
      client: WorkItemClient;
      options?: undefined;
    }
  | {
      client?: undefined;
      /**
       * For a client of the provider's own, closed on unmount. Read once, except `getToken`, of which always the latest is asked; to
       * begin anew with other options, give the provider another `key`.
       */
      options: WorkItemClientOptions;
    }
);

/** Commands for event handlers, and how those given through this hook fare. All functions stay the same between renders. */
export interface CommandHook extends TrackedCommands, CommandState {
  /** Takes the error off the screen. */
  readonly reset: () => void;
}

const ClientContext = createContext<WorkItemClient | null>(null);

/** Gives the components below it a client, and connects it. On the server it does neither harm nor connect. */
export function WorkItemProvider({ children, connect = true, client, options }: WorkItemProviderProps): ReactElement {
  const latest = useLatest(options);
  // To make a client has no effect: those of renders that React throws away are just garbage.
  const [own] = useState(() =>
    options === undefined
      ? null
      : createWorkItemClient({ ...options, getToken: (why) => (latest.current ?? options).getToken(why) }),
  );
  const used = client ?? own;
  if (used === null)
    throw new WorkItemError('invalid', '<WorkItemProvider> needs a client, or options to make one of.');

  useEffect(() => {
    if (connect) used.connect();
    if (used !== own) return undefined;
    return () => {
      // Strict Mode mounts again at once: a closed client connects again, and goes on where it was.
      if (used.state.name !== 'idle') used.close();
    };
  }, [used, own, connect]);

  return createElement(ClientContext.Provider, { value: used }, children);
}

/** The client itself, for what the other hooks do not cover: `setFilter`, commands with `try` and `catch`, `connect` after a new sign-in. */
export function useWorkItemClient(): WorkItemClient {
  return useClient('useWorkItemClient');
}

/**
 * The client's items, live: empty on the server, and the same array for as long as nothing in it changed. A new filter that means
 * the same changes nothing.
 */
export function useWorkItems({ filter, order }: WorkItemsOptions = {}): readonly Item[] {
  const client = useClient('useWorkItems');
  const key = keyOfFilter(filter);
  const list = useMemo(() => listOf(client, key, order), [client, key, order]);
  return useSyncExternalStore(
    list.subscribe,
    () => list.items,
    () => NO_ITEMS,
  );
}

/** One item, live; `undefined` while the client does not hold it. */
export function useWorkItem(id: number): Item | undefined {
  const { workItems } = useClient('useWorkItem');
  return useSyncExternalStore(
    workItems.subscribe,
    () => workItems.get(id),
    () => undefined,
  );
}

/** How the connection stands, and for whom it is: for an indicator. On the server `idle`. */
export function useConnection(): Connection {
  const client = useClient('useConnection');
  const subscribe = useMemo(() => (onChange: () => void) => client.on('state', onChange), [client]);
  return useSyncExternalStore(
    subscribe,
    () => connectionOf(client),
    () => NOT_CONNECTED,
  );
}

/**
 * Commands whose progress and error are to be shown here. They never reject: they resolve with the item, or with `null` and the
 * reason in `error`. One that outlives the component is finished all the same.
 */
export function useCommand(): CommandHook {
  const client = useClient('useCommand');
  const tracker = useMemo(() => trackCommands(client), [client]);
  const state = useSyncExternalStore(tracker.subscribe, tracker.read, tracker.read);
  return useMemo(() => ({ ...tracker.commands, ...state, reset: tracker.reset }), [tracker, state]);
}

/** Calls the listener of the latest render at each such event, from mount to unmount. */
export function useWorkItemEvent<N extends keyof WorkItemClientEvents>(
  name: N,
  listener: WorkItemClientEvents[N],
): void {
  const client = useClient('useWorkItemEvent');
  const latest = useLatest(listener as (...args: unknown[]) => void);
  useEffect(
    () => client.on(name, ((...args: unknown[]) => latest.current(...args)) as WorkItemClientEvents[N]),
    [client, name, latest],
  );
}

function useClient(hook: string): WorkItemClient {
  const client = useContext(ClientContext);
  if (client) return client;
  throw new WorkItemError('invalid', `${hook}() is used outside of <WorkItemProvider>.`);
}

/** What the latest committed render was given. Set ahead of all other effects, and without a complaint on the server. */
function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  useInsertionEffect(() => {
    latest.current = value;
  });
  return latest;
}

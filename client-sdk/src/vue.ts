// `@workitem-hub/client/vue`: live work items as composables, on Vue 3.4 and later.
import {
  type App,
  type ComponentInternalInstance,
  computed,
  type ComputedRef,
  getCurrentInstance,
  hasInjectionContext,
  inject,
  type InjectionKey,
  type MaybeRefOrGetter,
  onMounted,
  onScopeDispose,
  type Plugin,
  provide,
  shallowRef,
  type ShallowRef,
  ssrContextKey,
  toValue,
  watch,
} from 'vue';
import {
  type Connection,
  connectionOf,
  keyOfFilter,
  listOf,
  NO_ITEMS,
  NOT_CONNECTED,
  type Source,
  type TrackedCommands,
  trackCommands,
  type WorkItemsOptions,
} from './binding.js';
import type { WorkItemClient, WorkItemClientEvents } from './client.js';
import type { Item } from './contract.js';
import { WorkItemError } from './errors.js';

export type { Connection, TrackedCommands, WorkItemsOptions };

export interface ProvideOptions {
  /** Whether to connect on mount; default true. */
  connect?: boolean;
}

/** Commands for event handlers, and how those given through this composable fare. */
export interface CommandComposable extends TrackedCommands {
  /** Whether one of these commands is under way. */
  readonly pending: ComputedRef<boolean>;
  /** Why the latest one that failed did; `null` again when another is begun. */
  readonly error: ComputedRef<WorkItemError | null>;
  /** Takes the error off the screen. */
  readonly reset: () => void;
}

const CLIENT: InjectionKey<WorkItemClient> = Symbol('WorkItemClient');
/** What a component provides it cannot inject itself. */
const provided = new WeakMap<ComponentInternalInstance, WorkItemClient>();

/**
 * In `setup`: gives this component and those below it a client, and connects it on mount. It is not closed on unmount: that is for
 * who made it, for instance with `onScopeDispose(() => client.close())`.
 */
export function provideWorkItems(client: WorkItemClient, { connect = true }: ProvideOptions = {}): void {
  const instance = getCurrentInstance();
  if (!instance)
    throw new WorkItemError('invalid', 'provideWorkItems() is for setup(); elsewhere use workItemsPlugin().');
  provide(CLIENT, client);
  provided.set(instance, client);
  // Not on the server: nothing is mounted there.
  if (connect) onMounted(() => client.connect());
}

/** For a whole application: `app.use(workItemsPlugin(client))`. Connects when the application is mounted, and never closes. */
export function workItemsPlugin(client: WorkItemClient, { connect = true }: ProvideOptions = {}): Plugin {
  return {
    install(app: App) {
      app.provide(CLIENT, client);
      if (!connect) return;
      const mount = app.mount.bind(app);
      app.mount = (...args) => {
        const root = mount(...args);
        client.connect();
        return root;
      };
    },
  };
}

/** The client itself, for what the other composables do not cover: `setFilter`, commands with `try` and `catch`, `connect` after a new sign-in. */
export function useWorkItemClient(): WorkItemClient {
  return injectClient('useWorkItemClient');
}

/**
 * The client's items, live: empty on the server, and the same array for as long as nothing in it changed. `options` may be a ref or a
 * getter, and their filter reactive.
 */
export function useWorkItems(options: MaybeRefOrGetter<WorkItemsOptions> = {}): Readonly<ShallowRef<readonly Item[]>> {
  const client = injectClient('useWorkItems');
  const key = computed(() => keyOfFilter(toValue(options).filter));
  const order = computed(() => toValue(options).order);
  return follow<readonly Item[]>(() => {
    const list = listOf(client, key.value, order.value);
    return { read: () => list.items, subscribe: list.subscribe };
  }, NO_ITEMS);
}

/** One item, live; `undefined` while the client does not hold it. */
export function useWorkItem(id: MaybeRefOrGetter<number>): Readonly<ShallowRef<Item | undefined>> {
  const { workItems } = injectClient('useWorkItem');
  return follow<Item | undefined>(() => {
    const wanted = toValue(id);
    return { read: () => workItems.get(wanted), subscribe: workItems.subscribe };
  }, undefined);
}

/** How the connection stands, and for whom it is: for an indicator. On the server `idle`. */
export function useConnection(): Readonly<ShallowRef<Connection>> {
  const client = injectClient('useConnection');
  const source: Source<Connection> = {
    read: () => connectionOf(client),
    subscribe: (onChange) => client.on('state', onChange),
  };
  return follow(() => source, NOT_CONNECTED);
}

/**
 * Commands whose progress and error are to be shown here. They never reject: they resolve with the item, or with `null` and the
 * reason in `error`. One that outlives the component is finished all the same.
 */
export function useCommand(): CommandComposable {
  const tracker = trackCommands(injectClient('useCommand'));
  const state = follow(() => tracker, tracker.read());
  return {
    ...tracker.commands,
    pending: computed(() => state.value.pending),
    error: computed(() => state.value.error),
    reset: tracker.reset,
  };
}

/** Calls the listener at each such event, until the component, or the effect scope, is gone. */
export function useWorkItemEvent<N extends keyof WorkItemClientEvents>(
  name: N,
  listener: WorkItemClientEvents[N],
): void {
  const client = injectClient('useWorkItemEvent');
  if (!onServer()) onScopeDispose(client.on(name, listener));
}

function injectClient(composable: string): WorkItemClient {
  const instance = getCurrentInstance();
  const client = (instance && provided.get(instance)) ?? (hasInjectionContext() ? inject(CLIENT, null) : null);
  if (client) return client;
  throw new WorkItemError(
    'invalid',
    `${composable}() is used outside of setup(), or without provideWorkItems() or workItemsPlugin() above it.`,
  );
}

/** Whether this is rendered to a text: scopes are not ended there, and whatever is subscribed to would stay so. */
const onServer = (): boolean => hasInjectionContext() && inject(ssrContextKey, null) !== null;

/** Follows a source, and another one when what it was made from changes. */
function follow<T>(source: () => Source<T>, atServer: T): Readonly<ShallowRef<T>> {
  const value = shallowRef(atServer) as ShallowRef<T>;
  if (onServer()) return value;
  watch(
    source,
    ({ read, subscribe }, _before, onCleanup) => {
      const show = (): void => {
        value.value = read();
      };
      onCleanup(subscribe(show));
      show();
    },
    { immediate: true },
  );
  return value;
}

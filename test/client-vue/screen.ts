// What every test of the composables works with: a running hub, people with clients of it, and Vue's test utils on a window.
import { useDom } from '../support/dom.js';
import { mount, type VueWrapper } from '@vue/test-utils';
import { createWorkItemClient, type WorkItemClient } from '@workitem-hub/client';
import { workItemsPlugin } from '@workitem-hub/client/vue';
import { defineComponent, h, type VNode } from 'vue';
import { type Claims, startHub, type TestHub } from '../support/hub.js';

export interface Screen {
  readonly hub: TestHub;
  /** A client for this person, closed after the test. */
  client(sub: string, claims?: Claims): WorkItemClient;
  /** Mounts an application of one component. What its `setup` gives is what it renders; taken off the page after the test. */
  show(client: WorkItemClient, setup: () => () => VNode | VNode[]): VueWrapper;
  /** Runs composables in such a component that renders nothing. */
  use<T>(client: WorkItemClient, compose: () => T): T & { unmount(): void };
}

/** For the suite: a hub, a window, and nothing on the page after each test. */
export function useScreen(): Screen {
  let hub: TestHub;
  const clients: WorkItemClient[] = [];
  const wrappers: VueWrapper[] = [];
  before(async () => {
    hub = await startHub();
  });
  afterEach(() => {
    for (const wrapper of wrappers.splice(0)) wrapper.unmount();
    for (const client of clients.splice(0)) client.close();
  });
  after(() => hub.close());
  // Last: what it finds must not keep the hub from being closed.
  useDom();

  const show: Screen['show'] = (client, setup) => {
    const wrapper = mount(defineComponent({ setup }), {
      global: { plugins: [workItemsPlugin(client)] },
    });
    wrappers.push(wrapper);
    return wrapper;
  };

  return {
    get hub() {
      return hub;
    },
    client(sub, claims) {
      const client = createWorkItemClient({
        url: hub.url,
        getToken: () => hub.token(sub, claims),
        backoff: { minMs: 20, maxMs: 100 },
      });
      clients.push(client);
      return client;
    },
    show,
    use(client, compose) {
      let made: ReturnType<typeof compose> | undefined;
      const wrapper = show(client, () => {
        made = compose();
        return () => h('i');
      });
      const unmount = (): void => {
        wrappers.splice(wrappers.indexOf(wrapper), 1);
        wrapper.unmount();
      };
      return { ...(made as ReturnType<typeof compose>), unmount };
    },
  };
}

/** Texts of the elements that a selector finds. */
export const texts = (wrapper: VueWrapper, selector = 'li'): string[] =>
  wrapper.findAll(selector).map((found) => found.text());

// Rendered to a text on a server: nothing connects, nobody listens, and the browser goes on from there.
import { useScreen } from './screen.js';
import { createWorkItemClient, type WorkItemClient } from '@workitem-hub/client';
import {
  provideWorkItems,
  useCommand,
  useConnection,
  useWorkItem,
  useWorkItemEvent,
  useWorkItems,
  workItemsPlugin,
} from '@workitem-hub/client/vue';
import { renderToString } from '@vue/server-renderer';
import { expect } from 'chai';
import { type App, createSSRApp, defineComponent, h } from 'vue';
import { watchClient } from '../support/client-watch.js';
import { until } from '../support/until.js';

const Page = defineComponent(() => {
  useWorkItemEvent('new_workitem', () => {});
  const { pending } = useCommand();
  const connection = useConnection();
  const item = useWorkItem(1);
  const items = useWorkItems(() => ({ filter: null }));
  return () =>
    h(
      'main',
      { title: `${connection.value.name} ${pending.value} ${item.value?.id}` },
      items.value.map(({ id }) => h('li', { key: id }, id)),
    );
});
const HTML = '<main title="idle false undefined"></main>';
const viaPlugin = (client: WorkItemClient): App => createSSRApp(Page).use(workItemsPlugin(client));
const viaSetup = (client: WorkItemClient): App =>
  createSSRApp(
    defineComponent(() => {
      provideWorkItems(client);
      return () => h(Page);
    }),
  );

describe('on a Vue server', () => {
  it('without a window everything renders as it is before there is anything', async () => {
    expect(globalThis).not.to.have.any.keys('window', 'document');
    const client = createWorkItemClient({
      url: 'http://hub.example',
      getToken() {
        throw new Error('A server asks for no token.');
      },
    });
    for (const app of [viaPlugin(client), viaSetup(client)]) expect(await renderToString(app)).to.equal(HTML);
    expect(client.state.name).to.equal('idle');
  });
});

describe('on a Vue server that has a window', () => {
  const screen = useScreen();

  it('everything renders the same with a client that has items, and nothing stays subscribed', async () => {
    const watched = watchClient(screen.client('ann'));
    for (const app of [viaPlugin(watched.client), viaSetup(watched.client)]) await renderToString(app);
    expect(watched.client.state.name).to.equal('idle');
    await screen.hub.item();
    watched.client.connect();
    await until(() => watched.client.workItems.size === 1);
    for (const app of [viaPlugin(watched.client), viaSetup(watched.client)]) {
      expect(await renderToString(app)).to.equal(HTML);
    }
    expect(watched.made).to.equal(0);
  });
});

describe('in the browser, what a Vue server rendered', () => {
  const screen = useScreen();

  for (const [what, early] of Object.entries({
    'is taken over': false,
    'is taken over by a client with items': true,
  })) {
    it(`${what} without a mismatch, and comes alive`, async () => {
      const { submission_id: id } = await screen.hub.item();
      const client = screen.client('ann');
      if (early) client.connect();
      await until(() => !early || client.workItems.get(id) !== undefined);
      const container = document.body.appendChild(document.createElement('div'));
      container.innerHTML = HTML;
      const { warn, error } = console;
      const complaints: unknown[] = [];
      console.warn = console.error = (...args: unknown[]) => void complaints.push(args);
      const app = viaPlugin(client);
      try {
        app.mount(container);
        await until(() => container.querySelector('li')?.textContent === `${id}`);
      } finally {
        Object.assign(console, { warn, error });
        app.unmount();
        container.remove();
      }
      expect(complaints).to.deep.equal([]);
    });
  }
});

// What a component took from the client is given back with it; the client itself goes on.
import { useScreen } from './screen.js';
import {
  provideWorkItems,
  useCommand,
  useConnection,
  useWorkItem,
  useWorkItemClient,
  useWorkItemEvent,
  useWorkItems,
} from '@workitem-hub/client/vue';
import { mount } from '@vue/test-utils';
import { expect } from 'chai';
import { defineComponent, effectScope, h, onScopeDispose } from 'vue';
import { metric, watchClient } from '../support/client-watch.js';
import { until } from '../support/until.js';

function useEverything() {
  useWorkItemEvent('new_workitem', () => {});
  return { ...useCommand(), items: useWorkItems(), item: useWorkItem(1), connection: useConnection() };
}

describe('when a component is gone', () => {
  const screen = useScreen();

  it('nothing listens any more, however often it came and went', async () => {
    const watched = watchClient(screen.client('ann'));
    for (let i = 0; i < 3; i++) {
      const { connection, unmount } = screen.use(watched.client, useEverything);
      await until(() => connection.value.name === 'connected');
      expect(watched.standing).to.equal(4);
      unmount();
      expect(watched.standing).to.equal(0);
    }
    expect(watched.client.state.name).to.equal('connected');
    expect(await metric(screen.hub, 'hub_streams_total')).to.equal(1);
  });

  it('a client that it made is closed where it says so', async () => {
    const client = screen.client('ann');
    const Inner = defineComponent(() => {
      const inner = useWorkItemClient();
      return () => h('b', String(inner === client));
    });
    const wrapper = mount(
      defineComponent(() => {
        provideWorkItems(client);
        onScopeDispose(() => client.close());
        const connection = useConnection();
        return () => [h('i', connection.value.name), h(Inner)];
      }),
    );
    await until(() => wrapper.find('i').text() === 'connected');
    expect(wrapper.find('b').text()).to.equal('true');
    wrapper.unmount();
    expect(client.state.name).to.equal('closed');
  });

  it('an effect scope of one’s own ends what began in it', () => {
    const watched = watchClient(screen.client('ann'));
    const scope = effectScope(true);
    screen.use(watched.client, () => scope.run(useEverything)).unmount();
    expect(watched.standing).to.equal(4);
    scope.stop();
    expect(watched.standing).to.equal(0);
  });
});

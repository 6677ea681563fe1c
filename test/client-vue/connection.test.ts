// The indicator of the connection, while the hub goes away and comes back.
import { useScreen } from './screen.js';
import { useConnection, useWorkItems } from '@workitem-hub/client/vue';
import { expect } from 'chai';
import { watch } from 'vue';
import { until } from '../support/until.js';

describe('the composable useConnection', () => {
  const screen = useScreen();

  it('goes offline with the hub and comes back with it, and the list goes on', async () => {
    const shown: string[] = [];
    const { connection, items } = screen.use(screen.client('ann'), () => {
      const followed = { connection: useConnection(), items: useWorkItems() };
      watch(followed.connection, ({ name }) => void shown.push(name), { immediate: true, flush: 'sync' });
      return followed;
    });
    expect(connection.value).to.deep.include({ name: 'connecting', principal: null });
    await until(() => connection.value.name === 'connected');
    expect(connection.value.principal).to.deep.include({ sub: 'ann', name: 'Name of ann' });

    await screen.hub.restart();
    const { submission_id: id } = await screen.hub.item();
    await until(() => items.value[0]?.id === id && connection.value.name === 'connected');
    expect(shown.slice(0, 2)).to.deep.equal(['idle', 'connecting']);
    expect(shown.indexOf('offline')).to.be.greaterThan(shown.indexOf('connected'));
    expect(shown.at(-1)).to.equal('connected');
  });
});

// One item on the screen, and another one when the id changes.
import { useScreen } from './screen.js';
import { useWorkItem } from '@workitem-hub/client/vue';
import { expect } from 'chai';
import { nextTick, ref } from 'vue';
import { until } from '../support/until.js';

describe('the composable useWorkItem', () => {
  const screen = useScreen();

  it('follows the item of the id that it is given', async () => {
    const { submission_id: first } = await screen.hub.item();
    const { submission_id: second } = await screen.hub.item();
    const client = screen.client('ann');
    const id = ref(first);
    const { item } = screen.use(client, () => ({ item: useWorkItem(id) }));
    expect(item.value).to.equal(undefined);
    await until(() => item.value?.id === first);
    await client.claim(first);
    await until(() => item.value?.version === 2);
    expect(item.value).to.include({ id: first, assigned_to: 'ann' });
    id.value = second;
    await nextTick();
    expect(item.value).to.include({ id: second, version: 1 });
  });
});

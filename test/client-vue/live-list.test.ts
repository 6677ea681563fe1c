// A list on the screen: what comes stands on top at once.
import { texts, useScreen } from './screen.js';
import { useWorkItems } from '@workitem-hub/client/vue';
import { expect } from 'chai';
import { h } from 'vue';
import { until } from '../support/until.js';

describe('a list by the composable useWorkItems', () => {
  const screen = useScreen();

  it('shows what is there, and puts what comes on top', async () => {
    const first = await screen.hub.item();
    const wrapper = screen.show(screen.client('ann'), () => {
      const items = useWorkItems();
      return () =>
        h(
          'ul',
          items.value.map(({ id }) => h('li', { key: id }, id)),
        );
    });
    expect(texts(wrapper)).to.deep.equal([]);
    await until(() => texts(wrapper).length === 1);
    const second = await screen.hub.item();
    await until(() => texts(wrapper).length === 2);
    expect(texts(wrapper)).to.deep.equal([`${second.submission_id}`, `${first.submission_id}`]);
  });
});

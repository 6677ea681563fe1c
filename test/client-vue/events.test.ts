// Events as they come, from mount to unmount.
import { useScreen } from './screen.js';
import { useWorkItemEvent } from '@workitem-hub/client/vue';
import { expect } from 'chai';
import { until } from '../support/until.js';

describe('the composable useWorkItemEvent', () => {
  const screen = useScreen();

  it('calls the listener with data and place, until the component is gone', async () => {
    const client = screen.client('ann');
    const heard: string[] = [];
    const { unmount } = screen.use(client, () => {
      useWorkItemEvent('new_workitem', (item, { seq }) => void heard.push(`${item.id} ${seq > 0}`));
      useWorkItemEvent('caught_up', () => void heard.push('ready'));
    });
    await until(() => heard.length === 1);
    const { submission_id: id } = await screen.hub.item();
    await until(() => heard.length === 2);
    expect(heard).to.deep.equal(['ready', `${id} true`]);
    unmount();
    const { submission_id: last } = await screen.hub.item();
    await until(() => client.workItems.get(last) !== undefined);
    expect(heard).to.have.length(2);
  });
});

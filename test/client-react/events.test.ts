// Events as they come, told to the listener of the latest render.
import { eventually, renderHook, useScreen, within } from './screen.js';
import { useWorkItemEvent } from '@workitem-hub/client/react';
import { expect } from 'chai';
import { watchClient } from '../support/client-watch.js';

describe('useWorkItemEvent', () => {
  const screen = useScreen();

  it('calls the latest listener, subscribed once', async () => {
    const watched = watchClient(screen.client('ann'));
    const heard: string[] = [];
    const { rerender, unmount } = renderHook(
      ({ name }) => {
        useWorkItemEvent('new_workitem', (item, { seq }) => void heard.push(`${name} ${item.id} ${seq > 0}`));
        useWorkItemEvent('caught_up', () => void heard.push('ready'));
      },
      { initialProps: { name: 'first' }, ...within(watched.client) },
    );
    await eventually(() => expect(heard).to.deep.equal(['ready']));
    const first = await screen.hub.item();
    await eventually(() => expect(heard).to.have.length(2));
    rerender({ name: 'second' });
    const second = await screen.hub.item();
    await eventually(() => expect(heard).to.have.length(3));
    expect(heard.slice(1)).to.deep.equal([`first ${first.submission_id} true`, `second ${second.submission_id} true`]);
    expect(watched.made).to.equal(2);
    unmount();
    expect(watched.standing).to.equal(0);
  });
});

// The indicator of the connection, while the hub goes away and comes back.
import { eventually, renderHook, useScreen, within } from './screen.js';
import { useConnection, useWorkItems } from '@workitem-hub/client/react';
import { expect } from 'chai';

describe('useConnection', () => {
  const screen = useScreen();

  it('goes offline with the hub and comes back with it, and the list goes on', async () => {
    const shown: string[] = [];
    const { result } = renderHook(
      () => {
        const connection = useConnection();
        if (shown.at(-1) !== connection.name) shown.push(connection.name);
        return { connection, items: useWorkItems() };
      },
      within(screen.client('ann')),
    );
    expect(result.current.connection).to.deep.include({ name: 'connecting', principal: null });
    await eventually(() => expect(result.current.connection.name).to.equal('connected'));
    expect(result.current.connection.principal).to.deep.include({ sub: 'ann', name: 'Name of ann' });

    await screen.hub.restart();
    const { submission_id: id } = await screen.hub.item();
    await eventually(() => expect(result.current.items[0]?.id).to.equal(id));
    await eventually(() => expect(result.current.connection.name).to.equal('connected'));
    expect(shown.slice(0, 2)).to.deep.equal(['idle', 'connecting']);
    expect(shown.indexOf('offline')).to.be.greaterThan(shown.indexOf('connected'));
    expect(shown.lastIndexOf('connected')).to.be.greaterThan(shown.lastIndexOf('offline'));
  });
});

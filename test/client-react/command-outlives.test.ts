// Commands that end after their component did, or one after the other.
import { act, eventually, renderHook, useScreen, within } from './screen.js';
import { useCommand, useConnection } from '@workitem-hub/client/react';
import { expect } from 'chai';

const useBoth = () => ({ command: useCommand(), connection: useConnection() });

describe('the commands of useCommand', () => {
  const screen = useScreen();

  async function open() {
    const watched = renderHook(useBoth, within(screen.client('ann')));
    await eventually(() => expect(watched.result.current.connection.name).to.equal('connected'));
    return watched;
  }

  it('are finished when the component is gone meanwhile', async () => {
    const { submission_id: id } = await screen.hub.item();
    const { result, unmount } = await open();
    let claimed: ReturnType<typeof result.current.command.claim> | undefined;
    act(() => {
      claimed = result.current.command.claim(id);
    });
    unmount();
    expect(await claimed).to.include({ id, assigned_to: 'ann' });
  });

  it('resolve with null instead of rejecting, and the next one clears the error', async () => {
    const { submission_id: id } = await screen.hub.item();
    const { result } = await open();
    const { claim, setStatus } = result.current.command;
    await act(async () => expect(await claim(id, { version: 9 })).to.equal(null));
    expect(result.current.command.error?.code).to.equal('conflict');
    await act(async () => expect(await claim(id)).to.include({ id }));
    expect(result.current.command).to.include({ pending: false, error: null });
    // Not in the list: no version to go by, which is said before anything is sent.
    await act(async () => expect(await setStatus(987_654, { status: 'quoted' })).to.equal(null));
    expect(result.current.command.error?.code).to.equal('not_found');
    expect(result.current.command.claim).to.equal(claim);
  });
});

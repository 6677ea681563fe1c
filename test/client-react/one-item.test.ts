// One item on the screen, and another one when the id changes.
import { eventually, renderHook, useScreen, within } from './screen.js';
import { useWorkItem } from '@workitem-hub/client/react';
import { expect } from 'chai';

describe('useWorkItem', () => {
  const screen = useScreen();

  it('follows the item of the id that it is given', async () => {
    const { submission_id: first } = await screen.hub.item();
    const { submission_id: second } = await screen.hub.item();
    const client = screen.client('ann');
    const { result, rerender } = renderHook(({ id }) => useWorkItem(id), {
      initialProps: { id: first },
      ...within(client),
    });
    expect(result.current).to.equal(undefined);
    await eventually(() => expect(result.current?.id).to.equal(first));
    await client.claim(first);
    await eventually(() => expect(result.current).to.include({ id: first, assigned_to: 'ann', version: 2 }));
    rerender({ id: second });
    expect(result.current).to.include({ id: second, version: 1 });
  });

  it('holds still while a guess lies over the item', async () => {
    const { submission_id: id } = await screen.hub.item();
    const client = screen.client('ann');
    const { result, rerender } = renderHook(() => useWorkItem(id), within(client));
    await eventually(() => expect(result.current?.id).to.equal(id));
    const claimed = client.claim(id);
    rerender();
    const guessed = result.current;
    expect(guessed).to.include({ assigned_to: 'ann', version: 1 });
    rerender();
    expect(result.current).to.equal(guessed);
    await claimed;
    await eventually(() => expect(result.current).to.include({ assigned_to: 'ann', version: 2 }));
  });
});

// Lists through filters of their own: each shows its part, also while others come and go.
import { eventually, render, renderHook, texts, useScreen, within } from './screen.js';
import type { Filter } from '@workitem-hub/client';
import { useWorkItems, WorkItemProvider } from '@workitem-hub/client/react';
import { expect } from 'chai';
import { createElement } from 'react';
import { watchClient } from '../support/client-watch.js';

function List({ filter }: { filter: Filter }) {
  return createElement(
    'ul',
    { className: filter.team?.[0] },
    useWorkItems({ filter }).map(({ id }) => createElement('li', { key: id }, id)),
  );
}

describe('useWorkItems with a filter', () => {
  const screen = useScreen();
  const ann = { teams: ['marine', 'cyber'] };
  const make = async (team: string): Promise<number> => (await screen.hub.item({ team })).submission_id;

  it('keeps several lists live beside each other', async () => {
    const { container } = render(
      createElement(
        WorkItemProvider,
        { client: screen.client('ann', ann) },
        createElement(List, { filter: { team: ['marine'] } }),
        createElement(List, { filter: { team: ['cyber'] } }),
      ),
    );
    const [ship, breach] = [await make('marine'), await make('cyber')];
    await eventually(() => {
      expect(texts(container, '.marine li')).to.deep.equal([`${ship}`]);
      expect(texts(container, '.cyber li')).to.deep.equal([`${breach}`]);
    });
  });

  it('follows another filter from the render on that brings it', async () => {
    const { client, ...seen } = watchOf('ann');
    const [ship, breach] = [await make('marine'), await make('cyber')];
    const { result, rerender, unmount } = renderHook(({ team }) => useWorkItems({ filter: { team: [team] } }), {
      initialProps: { team: 'marine' },
      ...within(client),
    });
    await eventually(() => expect(result.current[0]?.id).to.equal(ship));
    rerender({ team: 'cyber' });
    expect(result.current[0]?.id).to.equal(breach);
    expect(result.current.every(({ team }) => team === 'cyber')).to.equal(true);
    const next = await make('cyber');
    await eventually(() => expect(result.current[0]?.id).to.equal(next));
    expect(seen.counts().standing).to.equal(1);
    unmount();
  });

  it('neither subscribes anew nor gives a new array for a new object that means the same', async () => {
    const { client, ...seen } = watchOf('ann');
    const breach = await make('cyber');
    const { result, rerender } = renderHook(({ team }) => useWorkItems({ filter: { team } }), {
      initialProps: { team: ['marine', 'cyber'] },
      ...within(client),
    });
    await eventually(() => expect(result.current[0]?.id).to.equal(breach));
    const before = result.current;
    rerender({ team: ['cyber', 'marine'] });
    expect(result.current).to.equal(before);
    expect(seen.counts()).to.deep.equal({ made: 1, standing: 1 });
  });

  it('shows an order of its own', async () => {
    const client = screen.client('ann', ann);
    const oldestFirst = (a: { id: number }, b: { id: number }): number => a.id - b.id;
    const { result } = renderHook(() => useWorkItems({ order: oldestFirst }), within(client));
    const last = await make('cyber');
    await eventually(() => expect(result.current.at(-1)?.id).to.equal(last));
    expect(result.current.map(({ id }) => id)).to.deep.equal(client.workItems.items.map(({ id }) => id).reverse());
  });

  function watchOf(sub: string) {
    const watched = watchClient(screen.client(sub, ann));
    return { client: watched.client, counts: () => ({ made: watched.made, standing: watched.standing }) };
  }
});

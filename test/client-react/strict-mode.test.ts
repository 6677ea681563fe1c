// Strict Mode mounts everything twice: there is one connection and one subscription all the same.
import { eventually, render, texts, useScreen } from './screen.js';
import { useWorkItems, WorkItemProvider, type WorkItemProviderProps } from '@workitem-hub/client/react';
import { expect } from 'chai';
import { createElement, StrictMode } from 'react';
import { metric, watchClient } from '../support/client-watch.js';

function List() {
  return createElement(
    'ul',
    null,
    useWorkItems().map(({ id }) => createElement('li', { key: id }, id)),
  );
}

const strict = (props: WorkItemProviderProps) =>
  createElement(StrictMode, null, createElement(WorkItemProvider, props, createElement(List)));

describe('in Strict Mode', () => {
  const screen = useScreen();
  let opened: number;
  beforeEach(async () => {
    opened = await metric(screen.hub, 'hub_streams_total');
  });
  const openedSince = async (): Promise<number> => (await metric(screen.hub, 'hub_streams_total')) - opened;

  it('a client of the application connects once, and each list subscribes once', async () => {
    const watched = watchClient(screen.client('ann'));
    const { container, unmount } = render(strict({ client: watched.client }));
    const { submission_id: id } = await screen.hub.item();
    await eventually(() => expect(texts(container)[0]).to.equal(`${id}`));
    expect(watched.standing).to.equal(1);
    expect(await openedSince()).to.equal(1);
    unmount();
    expect(watched.standing).to.equal(0);
    // It goes on for whoever else uses it.
    await eventually(() => expect(watched.client.state.name).to.equal('connected'));
  });

  it('a client of the provider connects once, and asks for one token', async () => {
    let asked = 0;
    const options = screen.options('ann');
    const { container } = render(
      strict({
        options: {
          ...options,
          getToken(why) {
            asked++;
            return options.getToken(why);
          },
        },
      }),
    );
    const { submission_id: id } = await screen.hub.item();
    await eventually(() => expect(texts(container)[0]).to.equal(`${id}`));
    expect(await openedSince()).to.equal(1);
    expect(asked).to.equal(1);
  });
});

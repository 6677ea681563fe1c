// A list on the screen: what comes stands on top at once.
import { eventually, render, texts, useScreen } from './screen.js';
import { useWorkItems, WorkItemProvider } from '@workitem-hub/client/react';
import { expect } from 'chai';
import { createElement } from 'react';

function List() {
  return createElement(
    'ul',
    null,
    useWorkItems().map(({ id }) => createElement('li', { key: id }, id)),
  );
}

describe('a list by useWorkItems', () => {
  const screen = useScreen();

  it('shows what is there, and puts what comes on top', async () => {
    const first = await screen.hub.item();
    const { container } = render(
      createElement(WorkItemProvider, { client: screen.client('ann') }, createElement(List)),
    );
    expect(texts(container)).to.deep.equal([]);
    await eventually(() => expect(texts(container)).to.deep.equal([`${first.submission_id}`]));
    const second = await screen.hub.item();
    await eventually(() =>
      expect(texts(container)).to.deep.equal([`${second.submission_id}`, `${first.submission_id}`]),
    );
  });
});

// Rendered to a text on a server: nothing connects, nobody listens, and the browser goes on from there.
import { eventually, hydrate, texts, useScreen } from './screen.js';
import {
  useCommand,
  useConnection,
  useWorkItem,
  useWorkItemEvent,
  useWorkItems,
  WorkItemProvider,
} from '@workitem-hub/client/react';
import type { WorkItemClient, WorkItemClientOptions } from '@workitem-hub/client';
import { expect } from 'chai';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { metric, watchClient } from '../support/client-watch.js';

function Page() {
  useWorkItemEvent('new_workitem', () => {});
  const { pending } = useCommand();
  return createElement(
    'main',
    { title: `${useConnection().name} ${pending} ${useWorkItem(1)?.id}` },
    useWorkItems().map(({ id }) => createElement('li', { key: id }, id)),
  );
}
const page = (client: WorkItemClient) => createElement(WorkItemProvider, { client }, createElement(Page));
const HTML = '<main title="idle false undefined"></main>';

describe('on a server', () => {
  it('without a window everything renders as it is before there is anything', () => {
    expect(globalThis).not.to.have.any.keys('window', 'document');
    const options: WorkItemClientOptions = {
      url: 'http://hub.example',
      getToken() {
        throw new Error('A server asks for no token.');
      },
    };
    expect(renderToString(createElement(WorkItemProvider, { options }, createElement(Page)))).to.equal(HTML);
  });
});

describe('on a server that has a window', () => {
  const screen = useScreen();

  it('renders the same, and leaves no connection and no subscription', async () => {
    const watched = watchClient(screen.client('ann'));
    expect(renderToString(page(watched.client))).to.equal(HTML);
    expect(watched.client.state.name).to.equal('idle');
    expect(watched.made).to.equal(0);
    expect(await metric(screen.hub, 'hub_connections')).to.equal(0);
  });

  it('renders the same also with a client that has items', async () => {
    const client = screen.client('ann');
    await screen.hub.item();
    client.connect();
    await eventually(() => expect(client.workItems.size).to.equal(1));
    expect(renderToString(page(client))).to.equal(HTML);
  });
});

describe('in the browser, what a server rendered', () => {
  const screen = useScreen();

  it('is taken over without a mismatch, and comes alive', async () => {
    const client = screen.client('ann');
    const { submission_id: id } = await screen.hub.item();
    client.connect();
    await eventually(() => expect(client.workItems.size).to.equal(1));
    const complaints: unknown[] = [];
    const container = hydrate(page(client), HTML, (error) => complaints.push(error));
    await eventually(() => expect(texts(container)).to.deep.equal([`${id}`]));
    expect(complaints).to.deep.equal([]);
  });
});

// A provider that makes its client from options: it closes it, and always asks the latest `getToken`.
import { act, eventually, render, useScreen } from './screen.js';
import type { WorkItemClient, WorkItemClientOptions } from '@workitem-hub/client';
import { useWorkItemClient, WorkItemProvider } from '@workitem-hub/client/react';
import { expect } from 'chai';
import { createElement } from 'react';
import { metric } from '../support/client-watch.js';

describe('WorkItemProvider with options', () => {
  const screen = useScreen();
  let client: WorkItemClient | undefined;

  function Grab() {
    client = useWorkItemClient();
    return null;
  }
  const tree = (options: WorkItemClientOptions, connect = true) =>
    createElement(WorkItemProvider, { options, connect }, createElement(Grab));

  it('leaves neither connection nor listener behind', async () => {
    const { document } = globalThis;
    let listeners = 0;
    const { addEventListener, removeEventListener } = document;
    document.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      if (args[0] === 'visibilitychange') listeners++;
      addEventListener.apply(document, args);
    };
    document.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      if (args[0] === 'visibilitychange') listeners--;
      removeEventListener.apply(document, args);
    };
    try {
      const { unmount } = render(tree(screen.options('ann')));
      await eventually(() => expect(client?.state.name).to.equal('connected'));
      expect(listeners).to.equal(1);
      expect(await metric(screen.hub, 'hub_connections')).to.equal(1);
      unmount();
      expect(client?.state.name).to.equal('closed');
      expect(listeners).to.equal(0);
      await eventually(async () => expect(await metric(screen.hub, 'hub_connections')).to.equal(0));
    } finally {
      Object.assign(document, { addEventListener, removeEventListener });
    }
  });

  it('keeps its client over renders with new options, and asks the getToken of the latest', async () => {
    const options = screen.options('ann');
    const { rerender } = render(tree({ ...options, getToken: () => null }, false));
    const first = client;
    expect(first?.state.name).to.equal('idle');
    rerender(tree(options, false));
    expect(client).to.equal(first);
    act(() => first?.connect());
    await eventually(() => expect(first?.state.name).to.equal('connected'));
  });
});

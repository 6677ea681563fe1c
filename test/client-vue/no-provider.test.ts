// Used in the wrong place, the composables say so.
import '../support/dom.js';
import {
  provideWorkItems,
  useCommand,
  useConnection,
  useWorkItem,
  useWorkItemClient,
  useWorkItemEvent,
  useWorkItems,
} from '@workitem-hub/client/vue';
import { createWorkItemClient } from '@workitem-hub/client';
import { expect } from 'chai';
import { createApp } from 'vue';

describe('without provideWorkItems', () => {
  const composables: Record<string, () => unknown> = {
    useWorkItemClient,
    useWorkItems,
    useWorkItem: () => useWorkItem(1),
    useConnection,
    useCommand,
    useWorkItemEvent: () => useWorkItemEvent('state', () => {}),
  };
  for (const [name, compose] of Object.entries(composables)) {
    it(`${name} says where it belongs`, () => {
      const message = `${name}() is used outside of setup()`;
      expect(compose).to.throw(message);
      expect(() => createApp({}).runWithContext(compose)).to.throw(message);
    });
  }

  it('provideWorkItems itself says that it is for setup', () => {
    const client = createWorkItemClient({ url: 'http://hub.example', getToken: () => null });
    expect(() => provideWorkItems(client)).to.throw('provideWorkItems() is for setup()');
  });
});

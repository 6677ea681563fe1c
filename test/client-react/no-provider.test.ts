// Used in the wrong place, the hooks say so.
import {
  useCommand,
  useConnection,
  useWorkItem,
  useWorkItemClient,
  useWorkItemEvent,
  useWorkItems,
} from '@workitem-hub/client/react';
import { expect } from 'chai';
import { renderToString } from 'react-dom/server';
import { createElement } from 'react';

describe('outside of a provider', () => {
  const hooks: Record<string, () => unknown> = {
    useWorkItemClient,
    useWorkItems,
    useWorkItem: () => useWorkItem(1),
    useConnection,
    useCommand,
    useWorkItemEvent: () => useWorkItemEvent('state', () => {}),
  };
  for (const [name, hook] of Object.entries(hooks)) {
    it(`${name} says where it belongs`, () => {
      const Alone = () => {
        hook();
        return null;
      };
      expect(() => renderToString(createElement(Alone))).to.throw(`${name}() is used outside of <WorkItemProvider>`);
    });
  }
});

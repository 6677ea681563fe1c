// Addresses that lead nowhere are refused when the client is made: later they would look like a network that is down.
import { expect } from 'chai';
import { createWorkItemClient, WorkItemError } from '@workitem-hub/client';

const junk = [
  '',
  'hub.example',
  '//hub.example',
  '/hub',
  'http://',
  'https://a b',
  'ws://hub.example',
  'wss://hub.example/ws/workitems',
  'file:///hub',
  'https://hub.example:port',
  'https://me:secret@hub.example',
  'https://hub.example/?tenant=1',
  'https://hub.example/#top',
  undefined,
  null,
  42,
  {},
];

describe('client: addresses', () => {
  for (const url of junk) {
    it(`${JSON.stringify(url)} is refused at once`, () => {
      expect(() => createWorkItemClient({ url: url as string, getToken: () => 'x' }))
        .to.throw(WorkItemError, /url/)
        .with.property('code', 'invalid');
    });
  }

  for (const url of ['https://hub.example', 'http://127.0.0.1:8000/', 'https://hub.example/some/path//']) {
    it(`${url} is taken`, () => {
      expect(createWorkItemClient({ url, getToken: () => 'x' }).state.name).to.equal('idle');
    });
  }
});

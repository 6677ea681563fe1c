// The application's own failures stay its own: the stream goes on, and close is close wherever it is called.
import { expect } from 'chai';
import { createRawClient } from '@workitem-hub/client/raw';
import { WebSocket } from 'ws';
import { makeItem } from '../sockets/events.js';
import { until } from '../support/until.js';
import { openDesk, SOON } from './desk.js';
import { type FakeHub, startFakeHub } from './fake-hub.js';

const getToken = (): string => 'a.token';

describe('raw client: callbacks', () => {
  let hub: FakeHub;
  beforeEach(async () => {
    hub = await startFakeHub();
  });
  afterEach(() => hub.close());

  it('that throw, at once or later, are reported and harm nothing', async () => {
    const seen: number[] = [];
    const errors: string[] = [];
    const client = createRawClient({
      url: hub.url,
      getToken,
      WebSocket,
      onEvent({ seq }) {
        seen.push(seq);
        if (seq === 1) throw new Error('at once');
        if (seq === 2) return Promise.reject(new Error('later')) as unknown as undefined;
      },
      onSnapshot() {
        throw new Error('no list');
      },
      onState() {
        throw new Error('no state');
      },
      onError(error) {
        errors.push(`${error.code}: ${(error.cause as Error).message}`);
      },
    });
    const visit = await hub.visit(1);
    await until(() => client.state === 'connected');
    for (const seq of [1, 2, 3]) visit.say('new_workitem', makeItem({ id: seq }), seq);
    await until(() => seen.length === 3 && errors.length === 6);
    expect(errors).to.have.members([
      'handler_failed: no state',
      'handler_failed: no state',
      'handler_failed: no state',
      'handler_failed: no list',
      'handler_failed: at once',
      'handler_failed: later',
    ]);
    expect(client.position).to.include({ seq: 3 });
    client.close();
  });

  it('may look at the client from the first word on', async () => {
    const states: string[] = [];
    const client = createRawClient({
      url: hub.url,
      getToken,
      WebSocket,
      onEvent() {},
      onState: () => void states.push(client.state),
    });
    await until(() => states.includes('connected'));
    client.close();
    expect(states).to.deep.equal(['connecting', 'catching_up', 'connected', 'closed']);
  });

  for (const at of ['connecting', 'catching_up', 'connected', 'offline'] as const) {
    it(`may close the client when it is ${at}`, async () => {
      hub.onVisit = (visit) => {
        visit.ready();
        if (at === 'offline') visit.socket.close(1012, 'unavailable: This process goes away.');
      };
      const { client, is, states } = openDesk({
        url: hub.url,
        getToken,
        backoff: { minMs: 1, maxMs: 1 },
        onState(state) {
          states.push(state);
          if (state === at) client.close();
        },
      });
      await is('closed');
      const visits = hub.visits.length;
      // Whoever came back would be here by then.
      hub.onVisit = (visit) => visit.ready();
      const other = openDesk({ url: hub.url, getToken, backoff: SOON });
      await until(() => hub.visits.length > visits);
      expect(states.at(-1)).to.equal('closed');
      expect(hub.visits).to.have.lengthOf(visits + 1);
      other.client.close();
    });
  }

  it('may close the client from an event, an error and a list', async () => {
    for (const word of ['event', 'error', 'list']) {
      hub.onVisit = (visit) => {
        visit.ready();
        if (word === 'error') visit.socket.send('rubbish');
        if (word === 'event') visit.say('new_workitem', makeItem(), 1);
      };
      const end = (): void => client.close();
      const { client, is, states } = openDesk({
        url: hub.url,
        getToken,
        ...(word === 'event' ? { onEvent: end } : word === 'error' ? { onError: end } : { onSnapshot: end }),
      });
      await is('closed');
      expect(states.at(-1), word).to.equal('closed:closed');
    }
  });
});

// Control events of the log take effect in their place among the others.
import { expect } from 'chai';
import type { LogEvent } from '../../src/eventlog/event.js';
import { makeEvent } from '../sockets/events.js';
import { type Client, type Desk, openDesk, sessionOf } from './desk.js';

const controlEvent = (seq: number): LogEvent =>
  makeEvent(seq, { type: 'user_drain', item: null, version: null, data: { sub: 'alice' }, rooms: [] });

describe('a control event between others of one batch', () => {
  let desk: Desk;
  let client: Client;
  let act: () => void;
  beforeEach(async () => {
    desk = await openDesk({ follow: false, onControl: () => act() });
    client = desk.open(sessionOf('alice'));
  });
  afterEach(() => desk.close());

  const offerBatch = (): void => desk.process.relay.offer([makeEvent(1), controlEvent(2), makeEvent(3)]);

  it('is acted on after those before it, and what is said then promises nothing of those after it', () => {
    let sentTo = 0;
    act = () => {
      sentTo = client.subscription.sentTo;
      client.subscription.sendControl('draining', { reconnect_after_ms: 1 });
    };
    offerBatch();
    expect(client.order).to.deep.equal(['ready', 'caught_up', 1, 'draining', 3]);
    expect(sentTo).to.equal(2);
    expect(client.subscription.sentTo).to.equal(3);
  });

  it('that cannot be acted on takes nothing with it', () => {
    act = () => {
      throw new Error('a defect');
    };
    offerBatch();
    expect(client.order).to.deep.equal(['ready', 'caught_up', 1, 3]);
  });
});

// A clock says what is due when it is looked at, and between two looks on time.
import { once, EventEmitter } from 'node:events';
import { expect } from 'chai';
import { LOOK_MS, SessionClock } from '../../src/delivery/session-clock.js';
import { sessionOf } from './desk.js';

const MINUTE = 60_000;
const DEADLINE_MS = 8_000;

/** A stream that notes what its clock says. */
class Noting extends EventEmitter {
  readonly said: string[] = [];
  readonly clock = new SessionClock(this);
  closed = false;
  session;

  constructor(cutAt: number) {
    super();
    this.session = sessionOf('ann', { cutAt });
  }

  onExpiring(): void {
    this.said.push('expiring');
    this.emit('expiring');
  }

  onExpired(): void {
    this.said.push('expired');
    this.emit('expired');
  }

  saying(what: 'expiring' | 'expired'): Promise<unknown> {
    return once(this, what, { signal: AbortSignal.timeout(DEADLINE_MS) });
  }
}

describe('SessionClock', () => {
  it('warns once, a minute ahead, and ends with the token', () => {
    const end = Date.now() + 365 * 24 * 60 * MINUTE;
    const stream = new Noting(end);
    for (let now = end - 3 * MINUTE; now < end; now += LOOK_MS) {
      stream.clock.look(now);
      expect(stream.said).to.deep.equal(now < end - MINUTE ? [] : ['expiring'], `${end - now} ms ahead`);
    }
    stream.clock.look(end);
    expect(stream.said).to.deep.equal(['expiring', 'expired']);
  });

  it('ends a stream on time that is not looked at again', async () => {
    const end = Date.now() + 60;
    const stream = new Noting(end);
    const expired = stream.saying('expired');
    stream.clock.look(Date.now());
    expect(stream.said).to.deep.equal(['expiring']);
    await expired;
    expect(Date.now()).to.be.at.least(end);
  });

  it('warns on time between two looks', async () => {
    const stream = new Noting(Date.now() + MINUTE + 60);
    const expiring = stream.saying('expiring');
    stream.clock.look(Date.now());
    expect(stream.said).to.deep.equal([]);
    await expiring;
    expect(stream.session.cutAt - Date.now()).to.be.at.most(MINUTE);
    stream.clock.stop();
  });

  it('follows another token, and warns of that one', async () => {
    const stream = new Noting(Date.now() + 40);
    stream.clock.look(Date.now());
    stream.session = sessionOf('ann', { cutAt: Date.now() + MINUTE + 120 });
    const expiring = stream.saying('expiring');
    stream.clock.reset();
    await expiring;
    expect(stream.said).to.deep.equal(['expiring', 'expiring']);
    stream.clock.stop();
  });

  it('sets no timer for a stream that ends while it is warned', () => {
    const stream = new Noting(Date.now() + 60);
    stream.once('expiring', () => {
      stream.closed = true;
      stream.clock.stop();
    });
    stream.clock.look(Date.now());
    expect(stream.clock).to.have.property('timer', null);
  });
});

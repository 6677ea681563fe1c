// A connection may say so much in a window, and is reported once when it says more.
import { expect } from 'chai';
import { FLOOD_LIMIT, FLOOD_WINDOW_MS, FloodGuard } from '../../src/sockets/flood-guard.js';

function guarded() {
  const state = { now: 0 };
  const guard = new FloodGuard();
  const say = (times: number): string[] => Array.from({ length: times }, () => guard.heard(state.now));
  return { state, say, sent: (events: number) => guard.sent(events) };
}

describe('FloodGuard', () => {
  it('lets the limit pass in every window', () => {
    const { state, say } = guarded();
    for (let window = 0; window < 3; window++) {
      expect(new Set(say(FLOOD_LIMIT))).to.deep.equal(new Set(['fine']));
      state.now += FLOOD_WINDOW_MS;
    }
  });

  it('lets one thing more pass for each event that was sent, whenever it comes', () => {
    const { state, say, sent } = guarded();
    sent(50);
    state.now += FLOOD_WINDOW_MS;
    expect(new Set(say(FLOOD_LIMIT + 50))).to.deep.equal(new Set(['fine']));
    expect(say(1)).to.deep.equal(['flood']);
  });

  it('reports the first that is too much, once, and takes nothing from then on', () => {
    const { state, say } = guarded();
    say(FLOOD_LIMIT);
    expect(say(3)).to.deep.equal(['flood', 'flooded', 'flooded']);
    state.now += FLOOD_WINDOW_MS;
    expect(say(1)).to.deep.equal(['flooded']);
  });
});

// A connection may say so much in a window, and is reported once when it says more.
import { expect } from 'chai';
import { createFloodGuard, FLOOD_LIMIT, FLOOD_WINDOW_MS } from '../../src/sockets/flood-guard.js';

function guarded() {
  const state = { now: 0, floods: 0 };
  const guard = createFloodGuard(
    () => state.floods++,
    () => state.now,
  );
  const say = (times: number): boolean[] => Array.from({ length: times }, guard.count);
  return { state, say, sent: guard.sent };
}

describe('createFloodGuard', () => {
  it('lets the limit pass in every window', () => {
    const { state, say } = guarded();
    for (let window = 0; window < 3; window++) {
      expect(say(FLOOD_LIMIT)).to.not.include(false);
      state.now += FLOOD_WINDOW_MS;
    }
    expect(state.floods).to.equal(0);
  });

  it('lets one thing more pass for each event that was sent, whenever it comes', () => {
    const { state, say, sent } = guarded();
    sent(50);
    state.now += FLOOD_WINDOW_MS;
    expect(say(FLOOD_LIMIT + 50)).to.not.include(false);
    expect(say(1)).to.deep.equal([false]);
  });

  it('reports the first that is too much, once, and takes nothing from then on', () => {
    const { state, say } = guarded();
    say(FLOOD_LIMIT);
    expect(say(3)).to.deep.equal([false, false, false]);
    expect(state.floods).to.equal(1);
    state.now += FLOOD_WINDOW_MS;
    expect(say(1)).to.deep.equal([false]);
    expect(state.floods).to.equal(1);
  });
});

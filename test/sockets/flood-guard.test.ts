// A connection may say so much in a window, and is reported once when it says more.
import { expect } from 'chai';
import { createFloodGuard, FLOOD_LIMIT, FLOOD_WINDOW_MS } from '../../src/sockets/flood-guard.js';

function guarded() {
  const state = { now: 0, floods: 0 };
  const count = createFloodGuard(
    () => state.floods++,
    () => state.now,
  );
  const say = (times: number): boolean[] => Array.from({ length: times }, count);
  return { state, say };
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

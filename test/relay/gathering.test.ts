// Events in quick succession are handed on together, and no later than they may be.
import { expect } from 'chai';
import type { LogEvent } from '../../src/eventlog/event.js';
import { createGathering } from '../../src/relay/gathering.js';
import { until } from '../support/until.js';

const event = (seq: number, item: number | null = seq): LogEvent => ({ seq, item }) as LogEvent;

describe('gathering events', () => {
  let handed: number[][];
  beforeEach(() => {
    handed = [];
  });
  const gather = (windowMs: number) =>
    createGathering(windowMs, (events) => void handed.push(events.map(({ seq }) => seq)));

  it('hands one that comes alone on at once', () => {
    gather(60_000).add([event(1)]);
    expect(handed).to.deep.equal([[1]]);
  });

  it('hands those that follow on together, in their order', async () => {
    const gathering = gather(30);
    for (let seq = 1; seq <= 5; seq++) gathering.add([event(seq)]);
    expect(handed).to.deep.equal([[1]]);
    await until(() => handed.length > 1);
    expect(handed).to.deep.equal([[1], [2, 3, 4, 5]]);
  });

  it('lets those of a stream as slow as the window wait no longer than they come early', () => {
    let at = 0;
    const waits: number[] = [];
    const gathering = createGathering(
      60_000,
      (events) => void waits.push(...events.map(({ seq }) => at - seq)),
      () => at,
    );
    const come = (when: number): void => {
      at = when;
      gathering.add([event(when)]);
    };
    come(0);
    // A late one, and then each at its time: 20 s before the first is due by the one before, and then not at all.
    come(80_000);
    come(120_000);
    at = 140_000;
    gathering.flush();
    come(180_000);
    come(240_000);
    expect(waits).to.deep.equal([0, 0, 20_000, 0, 0]);
  });

  it('lets nothing wait for the last tenth of the window', () => {
    let at = 0;
    const handed: number[][] = [];
    const gathering = createGathering(
      60_000,
      (events) => void handed.push(events.map(({ seq }) => seq)),
      () => at,
    );
    gathering.add([event(1)]);
    at = 53_000;
    gathering.add([event(2)]);
    at = 55_000;
    gathering.add([event(3)]);
    expect(handed).to.deep.equal([[1], [2, 3]]);
  });

  it('does not let a revocation wait, nor what came before it', () => {
    const gathering = gather(60_000);
    gathering.add([event(1)]);
    gathering.add([event(2)]);
    gathering.add([event(3, null)]);
    expect(handed).to.deep.equal([[1], [2, 3]]);
  });

  it('hands on what waits when it is told to, and forgets it when it is told to', () => {
    const gathering = gather(60_000);
    gathering.add([event(1)]);
    gathering.add([event(2)]);
    gathering.flush();
    gathering.add([event(3)]);
    gathering.clear();
    gathering.flush();
    expect(handed).to.deep.equal([[1], [2]]);
  });

  it('lets nothing wait without a window', () => {
    const gathering = gather(0);
    for (let seq = 1; seq <= 3; seq++) gathering.add([event(seq)]);
    expect(handed).to.deep.equal([[1], [2], [3]]);
  });
});

// Events are encoded once, as the frames that ws itself would write.
import { expect } from 'chai';
import * as ws from 'ws';
import type { LogEvent } from '../../src/eventlog/event.js';
import { createEventFrames, textFrame } from '../../src/sockets/event-frames.js';
import { makeEvent } from './events.js';

interface Framing {
  frame(data: Buffer, options: object): Buffer[];
}
// Exported, but not declared.
const { Sender } = ws as unknown as { Sender: Framing };

const byWs = (text: string): Buffer =>
  Buffer.concat(Sender.frame(Buffer.from(text), { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: false }));

describe('textFrame', () => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536, 70_000]) {
    it(`frames a message of ${length} bytes as ws does`, () => {
      const text = 'x'.repeat(length);
      expect(textFrame(text).equals(byWs(text))).to.be.true;
    });
  }

  it('counts bytes, not characters', () => {
    const text = 'Müller & Söhne 🚢 '.repeat(9);
    expect(textFrame(text).equals(byWs(text))).to.be.true;
  });
});

describe('createEventFrames', () => {
  const counting = () => {
    const encoded: LogEvent[] = [];
    const frames = createEventFrames((event, epoch) => {
      encoded.push(event);
      return `${epoch}:${event.seq}`;
    });
    return { encoded, frames };
  };

  it('encodes an event once for all bursts that hold it', () => {
    const { encoded, frames } = counting();
    const [one, two, three] = [makeEvent(1), makeEvent(2), makeEvent(3)];
    frames.burst([one, two], 'e');
    frames.burst([two, three], 'e');
    frames.burst([two], 'e');
    expect(encoded).to.deep.equal([one, two, three]);
  });

  it('hands the same buffer to everyone who is given the same array', () => {
    const { frames } = counting();
    const events = [makeEvent(1), makeEvent(2)];
    expect(frames.burst(events, 'e')).to.equal(frames.burst(events, 'e'));
  });

  it('puts the frames in the order of the events', () => {
    const { frames } = counting();
    const expected = Buffer.concat([byWs('e:2'), byWs('e:1')]);
    expect(frames.burst([makeEvent(2), makeEvent(1)], 'e').equals(expected)).to.be.true;
  });

  it('encodes anew when the log has another epoch', () => {
    const { frames } = counting();
    const events = [makeEvent(1), makeEvent(2)];
    frames.burst(events, 'old');
    expect(frames.burst(events, 'new').toString()).to.include('new:1').and.not.include('old');
    expect(frames.text(events[0] as LogEvent, 'old')).to.equal('old:1');
  });
  it('remembers the newest, and forgets old ones, whoever still holds the events', () => {
    const encoded: number[] = [];
    const frames = createEventFrames((event) => {
      encoded.push(event.seq);
      return 'x'.repeat(1 << 20);
    });
    const events = Array.from({ length: 12 }, (_, n) => makeEvent(n + 1));
    for (const event of events) frames.frame(event, 'e');
    for (const event of [...events.slice(-3), events[0] as LogEvent]) frames.frame(event, 'e');
    expect(encoded).to.deep.equal([...events.map(({ seq }) => seq), 1]);
  });
});

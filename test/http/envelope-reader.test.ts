// Bodies are read beside everything else, and come out as if they had been read at once.
import { expect } from 'chai';
import { createEnvelopeReader, type EnvelopeReader } from '../../src/http/envelope-reader.js';
import { readEnvelope } from '../../src/http/read-envelope.js';
import { HubError } from '../../src/errors.js';
import type { Envelope } from '../../src/intake/envelope.js';
import type { Mail } from '../../src/intake/mail.js';

const limits = { maxAttachments: 2 };
const bytesOf = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));
const file = (text: string) => ({ name: 'a.txt', contentBytes: Buffer.from(text).toString('base64') });
const several = bytesOf([
  { subject: 'One', from: 'a@example.com', received_at: '2026-01-02T03:04:05Z', attachments: [file('one'), file('')] },
  { subject: 'Two', attachments: [file('1'), file('2'), file('3')] },
  { subject: 'Three', from: 'c@example.com', body: 'long '.repeat(20_000) },
]);

describe('reading envelopes', () => {
  const opened: EnvelopeReader[] = [];
  const open: typeof createEnvelopeReader = (options) => {
    const reader = createEnvelopeReader(options);
    opened.push(reader);
    return reader;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((reader) => reader.close()));
  });

  const refusal = (reading: Promise<unknown>): Promise<HubError> =>
    reading.then(
      () => expect.fail('was read'),
      (error: unknown) => {
        expect(error).to.be.instanceOf(HubError);
        return error as HubError;
      },
    );
  /** Refusals by what they say: an error's stack differs. */
  const shown = ({ single, messages }: Envelope<object>) => ({
    single,
    messages: messages.map((one) => (one instanceof HubError ? one.toWire() : one)),
  });

  it('gives the same in a thread as at once', async () => {
    const inThread = await open().read({ bytes: several, limits });
    expect(shown(inThread)).to.deep.equal(shown(readEnvelope(several, limits)));
    const [first] = inThread.messages as { attachments: { content: unknown }[] }[];
    expect(first?.attachments[0]?.content).to.be.instanceOf(Buffer);
  });

  it('refuses the same in a thread as at once', async () => {
    const reader = open();
    for (const text of ['', '{', '{}', '1', `${'['.repeat(65)}${']'.repeat(65)}`]) {
      const bytes = Buffer.from(text);
      expect((await refusal(reader.read({ bytes, limits }))).code, text).to.equal('invalid');
    }
    expect((await reader.read({ bytes: bytesOf({ subject: 'After' }), limits })).single).to.equal(true);
  });

  it('gives each of many read together its own', async () => {
    const reader = open();
    const subjects = Array.from({ length: 100 }, (_, i) => `Mail ${i} ${'ü'.repeat(i)}.`);
    const bodies = subjects.map((subject, i) => (i % 7 === 3 ? Buffer.from('{') : bytesOf({ subject })));
    const read = await Promise.allSettled(bodies.map((bytes) => reader.read({ bytes, limits })));
    const seen = read.map((one) => (one.status === 'fulfilled' ? (one.value.messages[0] as Mail).subject : 'refused'));
    expect(seen).to.deep.equal(subjects.map((subject, i) => (i % 7 === 3 ? 'refused' : subject)));
  });

  it('does not let those down that were read together with one that broke the thread', async () => {
    const reader = open();
    const job = (n: number) => ({ bytes: bytesOf({ subject: `${n}` }), limits: n === 1 ? (null as never) : limits });
    const read = await Promise.allSettled([0, 1, 2].map((n) => reader.read(job(n))));
    expect(read.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('leaves the process to others meanwhile', async () => {
    const bytes = bytesOf({ subject: 'Bomb', isHtml: true, body: `<table>${'<tr><td>x'.repeat(200_000)}` });
    let [turns, reading] = [0, true];
    const turn = (): void => {
      turns++;
      if (reading) setImmediate(turn);
    };
    turn();
    await open().read({ bytes, limits });
    reading = false;
    expect(turns).to.be.greaterThan(20);
  });

  it('does not wait for a body for ever', async () => {
    const reader = open({ threads: 1, timeoutMs: 1 });
    expect((await refusal(reader.read({ bytes: several, limits }))).code).to.equal('unavailable');
    expect((await refusal(reader.read({ bytes: several, limits }))).code).to.equal('unavailable');
  });

  it('refuses what it has not read when it is closed', async () => {
    const reader = createEnvelopeReader({ threads: 1 });
    const readings = [1, 2, 3].map(() => refusal(reader.read({ bytes: several, limits })));
    await reader.close();
    for (const { code } of await Promise.all(readings)) expect(code).to.equal('unavailable');
    expect((await refusal(reader.read({ bytes: several, limits }))).code).to.equal('unavailable');
  });
});

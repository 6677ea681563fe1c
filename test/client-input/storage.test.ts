// Positions in stores that are full, blocked or broken: the consumer goes on, and the application is told.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { fileStorage } from '@workitem-hub/client/node';
import { type PositionStorage, webStorage } from '@workitem-hub/client';
import { makeItem } from '../sockets/events.js';
import { until } from '../support/until.js';
import { type Desk, openDesk } from './desk.js';
import { type FakeHub, startFakeHub } from './fake-hub.js';

const getToken = (): string => 'a.token';

describe('client: storage', () => {
  let hub: FakeHub;
  beforeEach(async () => {
    hub = await startFakeHub();
  });
  afterEach(() => hub.close());

  /** Consumes three events with this storage; resolves with their ids. */
  async function consumeWith(storage: PositionStorage): Promise<Desk & { done: number[] }> {
    const desk = openDesk({ url: hub.url, getToken, storage });
    const done: number[] = [];
    desk.client.consume(({ data }) => void done.push(data.id));
    const { say } = await hub.visit(1);
    await desk.is('connected');
    for (const id of [1, 2, 3]) say('new_workitem', makeItem({ id }), id);
    await until(() => done.length === 3);
    return { ...desk, done };
  }

  const full = (): never => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
  };
  const blocked = (): never => {
    throw new DOMException('The user does not allow this.', 'SecurityError');
  };
  for (const [what, storage] of Object.entries<PositionStorage>({
    'is full': { get: () => null, set: full },
    'is full, as it says later': { get: async () => null, set: async () => full() },
    'is blocked': webStorage(blocked),
    'cannot be read': { get: blocked, set: () => {} },
    'holds rubbish': { get: () => '<html>', set: () => {} },
    'holds something else': { get: () => '{"seq":1}', set: () => {} },
    'holds null': { get: () => 'null', set: () => {} },
    'holds a number of the wrong kind': { get: () => '{"epoch":"e1","seq":1.5}', set: () => {} },
    'gives what is no text': { get: () => 42 as never, set: () => {} },
  })) {
    it(`that ${what} is reported, and the consumer goes on`, async () => {
      const { client, done, errors, codes } = await consumeWith(storage);
      expect(done).to.deep.equal([1, 2, 3]);
      await until(() => errors.length > 0);
      expect(new Set(codes())).to.deep.equal(new Set(['storage_failed']));
      expect(hub.handshakes[0]?.position ?? null).to.equal(null);
      client.close();
    });
  }

  it('that gives nothing at all is one that holds nothing yet', async () => {
    const { client, codes } = await consumeWith({ get: () => undefined as never, set: () => {} });
    expect(codes()).to.deep.equal([]);
    client.close();
  });

  describe('in files', () => {
    let directory: string;
    beforeEach(async () => {
      directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-positions-'));
    });
    afterEach(() => rm(directory, { recursive: true, force: true }));

    it('outlives the process that wrote it', async () => {
      const where = path.join(directory, 'below', 'it');
      await fileStorage(where).set('mine', 'a position');
      expect(await fileStorage(where).get('mine')).to.equal('a position');
      expect(await fileStorage(where).get('yours')).to.equal(null);
      expect(await fileStorage(path.join(directory, 'nowhere')).get('mine')).to.equal(null);
    });

    it('has the old position after a crash in the middle of a write', async () => {
      const storage = fileStorage(directory);
      await storage.set('mine', 'old');
      const [file] = await readdir(directory);
      // What a process leaves that died before it gave its file the name.
      await writeFile(path.join(directory, `${file}.0b6f6a52.tmp`), 'ne');
      expect(await fileStorage(directory).get('mine')).to.equal('old');
      await fileStorage(directory).set('mine', 'new');
      expect(await storage.get('mine')).to.equal('new');
    });

    it('keeps names apart, whatever they look like', async () => {
      const long = 'x'.repeat(5_000);
      const names = [
        ...' |.|..|/|../../etc/passwd|a/b|a_b|a%2Fb|A|a|con|nul.json|*?<>:"'.split('|'),
        '',
        'ä',
        'a\u0308',
        '🚢',
        '\u0000',
        '\ud800',
        '\ud801',
        `${long}1`,
        `${long}2`,
        '__proto__',
        'workitem-hub:https://h:default',
      ];
      const storage = fileStorage(directory);
      await Promise.all(names.map(async (name, index) => storage.set(name, String(index))));
      const found = await Promise.all(names.map(async (name) => storage.get(name)));
      expect(found).to.deep.equal(names.map((_name, index) => String(index)));
      // Also where the file system knows no case; and nothing lies outside.
      const files = (await readdir(directory)).map((file) => file.toLowerCase());
      expect(new Set(files).size).to.equal(names.length);
    });

    it('is written by several at once, whole each time', async () => {
      const values = Array.from({ length: 30 }, (_, i) => String(i).repeat(1_000));
      await Promise.all(values.map(async (value) => fileStorage(directory).set('mine', value)));
      expect(values).to.include(await fileStorage(directory).get('mine'));
      const files = await readdir(directory);
      expect(files).to.have.lengthOf(1);
      expect(values).to.include(await readFile(path.join(directory, files[0] as string), 'utf8'));
    });

    it('that cannot be written is reported, and the consumer goes on', async () => {
      const file = path.join(directory, 'file');
      await writeFile(file, '');
      const { client, done, errors, codes } = await consumeWith(fileStorage(file));
      await until(() => errors.length > 0);
      expect(new Set(codes())).to.deep.equal(new Set(['storage_failed']));
      expect(done).to.have.lengthOf(3);
      client.close();
    });
  });
});

// Directories with everything above them, also when several want them at once.
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { makeDirectory } from '../../src/ops/data-directory.js';

describe('making a directory', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-test-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('works for many who want the same, and parts of it, at once', async () => {
    for (let round = 0; round < 50; round++) {
      const deep = ['a', 'a/b', 'a/b/c', 'a/b/c/d'].map((part) => path.join(root, String(round), part));
      await Promise.all([...deep, ...deep, ...deep.toReversed()].map((directory) => makeDirectory(directory)));
      expect((await stat(deep[3] as string)).isDirectory()).to.equal(true);
    }
  });

  it('says when a file is in the way', async () => {
    await writeFile(path.join(root, 'file'), '');
    for (const directory of ['file', 'file/below']) {
      const error = await makeDirectory(path.join(root, directory)).catch((it: unknown) => it);
      expect(error, directory).to.be.instanceOf(Error);
    }
  });
});

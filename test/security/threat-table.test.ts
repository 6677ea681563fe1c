// The table of docs/security.md names the tests of this folder: all of them, and none that is not there.
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../../docs/security.md', import.meta.url));

describe('the table of threats', () => {
  it('names every test of this folder, and no other', async () => {
    const table = (await readFile(DOCUMENT, 'utf8')).split('\n## Threats\n')[1]?.split('\n## ')[0] ?? '';
    const cells = table.split('\n').map((line) => line.split('|').at(-2) ?? '');
    const named = cells.flatMap((cell) => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name]) => name));
    const files = (await readdir(HERE)).filter((file) => file.endsWith('.test.ts') && file !== 'threat-table.test.ts');
    expect([...new Set(named)].sort()).to.deep.equal(files.map((file) => file.replace('.test.ts', '')).sort());
  });
});

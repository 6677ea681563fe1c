// What is in the tarball.
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { plainProject, SLOW } from './projects.js';

describe('the tarball of the client', function () {
  this.timeout(SLOW);
  let root: string;
  let files: string[];

  before(async () => {
    root = path.join((await plainProject()).path, 'node_modules', '@workitem-hub', 'client');
    const found = await readdir(root, { recursive: true, withFileTypes: true });
    files = found
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  });

  const text = (file: string): Promise<string> => readFile(path.join(root, file), 'utf8');

  it('has the built files, the manifest and the README, and nothing else', () => {
    const others = files.filter((file) => !/^dist\/(esm|cjs)\/[\w-]+\.(js|js\.map|d\.ts)$/.test(file));
    expect(others).to.have.members(['README.md', 'package.json', 'dist/cjs/package.json']);
  });

  it('has a source map with its sources for every script', async () => {
    const scripts = files.filter((file) => file.endsWith('.js'));
    expect(scripts).not.to.be.empty;
    for (const file of scripts) {
      const map = JSON.parse(await text(`${file}.map`)) as { sources: string[]; sourcesContent?: string[] };
      expect(map.sourcesContent ?? [], file).to.have.lengthOf(map.sources.length);
    }
  });

  it('names zod in no types but those of the request schemas', async () => {
    const speakOfZod = [];
    for (const file of files.filter((name) => name.endsWith('.d.ts'))) {
      if (/['"]zod/.test(await text(file))) speakOfZod.push(file);
    }
    expect(speakOfZod).to.have.members(['dist/esm/request-schemas.d.ts', 'dist/cjs/request-schemas.d.ts']);
  });

  it('imports nothing from outside but what it declares, each where it is wanted', async () => {
    const imports = new Map<string, string[]>();
    for (const file of files.filter((name) => /^dist\/esm\/.*\.js$/.test(name))) {
      for (const [, from] of (await text(file)).matchAll(/^(?:import|export)\b[^;]*?["']([^."'][^"']*)["'];$/gm)) {
        imports.set(from as string, [...(imports.get(from as string) ?? []), path.basename(file)]);
      }
    }
    // Node's own modules are for the one entry that says so: browsers have none of them.
    for (const [from, importers] of imports)
      if (from.startsWith('node:')) expect(importers, from).to.deep.equal(['node.js']);
    const packages = [...imports.keys()].filter((from) => !from.startsWith('node:'));
    expect(packages).to.have.members(['socket.io-client', 'react', 'vue', 'zod/mini']);
    expect(imports.get('react')).to.deep.equal(['react.js']);
    expect(imports.get('vue')).to.deep.equal(['vue.js']);
    expect(imports.get('zod/mini')).to.deep.equal(['request-schemas.js']);
  });

  it('has a raw client that is one file, for pages without a bundler', async () => {
    expect(await text('dist/esm/raw.js')).not.to.match(/^\s*(import|export .* from)\b|\bimport\(|\brequire\(/m);
  });
});

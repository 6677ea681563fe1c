// The client where there is nothing else: no React, no Vue, no zod.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { NO_REQUIRE_ESM, plainProject, type Project, SLOW } from './projects.js';

const ENTRIES = ['', '/raw', '/node', '/contract', '/filter', '/money', '/steps'];
const names = ENTRIES.map((entry) => `@workitem-hub/client${entry}`);

describe('the client with nothing but itself installed', function () {
  this.timeout(SLOW);
  let project: Project;

  before(async () => {
    project = await plainProject();
  });

  it('brings socket.io-client, and neither React nor Vue nor zod', async () => {
    const installed = await readdir(path.join(project.path, 'node_modules'));
    expect(installed).to.include('socket.io-client');
    expect(installed).not.to.include.oneOf(['react', 'vue', 'zod']);
  });

  it('has every entry as an ES module', async () => {
    await project.write(
      'all.mjs',
      names.map((name) => `console.log(Object.keys(await import('${name}')).length > 0);`).join('\n'),
    );
    expect(await project.run('node', 'all.mjs')).to.equal('true\n'.repeat(names.length));
  });

  it('has every entry in CommonJS', async () => {
    await project.write(
      'all.cjs',
      names.map((name) => `console.log(Object.keys(require('${name}')).length > 0);`).join('\n'),
    );
    expect(await project.run('node', NO_REQUIRE_ESM, 'all.cjs')).to.equal('true\n'.repeat(names.length));
  });
});

// What entries share is there once, in either format and across both: else `instanceof` would fail between them.
import { expect } from 'chai';
import { fullProject, NO_REQUIRE_ESM, type Project, SLOW } from './projects.js';

/** An error of the React entry, looked at with the class of the main one. */
const CHECK = `
try {
  react.WorkItemProvider({});
} catch (error) {
  console.log(error instanceof client.WorkItemError);
}`;

describe('an error of one entry', function () {
  this.timeout(SLOW);
  let project: Project;

  before(async () => {
    project = await fullProject();
  });

  // Outside of a render React's hooks fail before the client's code does; on the server they work.
  const rendered = (react: string) => `
const { renderToString } = ${react === 'import' ? "await import('react-dom/server')" : "require('react-dom/server')"};
const { createElement } = ${react === 'import' ? "await import('react')" : "require('react')"};
const Look = () => {${CHECK}
  return null;
};
renderToString(createElement(Look));`;

  it('is an instance of the class of another as an ES module', async () => {
    await project.write(
      'copy.mjs',
      `import * as client from '@workitem-hub/client';
import * as react from '@workitem-hub/client/react';
${rendered('import')}`,
    );
    expect(await project.run('node', 'copy.mjs')).to.equal('true\n');
  });

  it('is an instance of the class of another in CommonJS', async () => {
    await project.write(
      'copy.cjs',
      `const client = require('@workitem-hub/client');
const react = require('@workitem-hub/client/react');
${rendered('require')}`,
    );
    expect(await project.run('node', NO_REQUIRE_ESM, 'copy.cjs')).to.equal('true\n');
  });

  it('is an instance of the same class for `import` and `require`', async () => {
    await project.write(
      'both.mjs',
      `import { createRequire } from 'node:module';
import { WorkItemError } from '@workitem-hub/client';
console.log(WorkItemError === createRequire(import.meta.url)('@workitem-hub/client').WorkItemError);`,
    );
    expect(await project.run('node', 'both.mjs')).to.equal('true\n');
  });
});

// The types of the packed client, as compilers find them: by Node's rules in both formats, and by bundlers' rules.
import path from 'node:path';
import { expect } from 'chai';
import { binary, example, fullProject, plainProject, type Project, SLOW, TYPES } from './projects.js';

/** Every entry that needs nothing else, and that its types are not `any`. */
const USES = `
import { createWorkItemClient, type Item, type WorkItemClient, WorkItemError } from '@workitem-hub/client';
import { CONTRACT, type Position } from '@workitem-hub/client/contract';
import { compileFilter } from '@workitem-hub/client/filter';
import { parseMoney } from '@workitem-hub/client/money';
import { fileStorage } from '@workitem-hub/client/node';
import { createRawClient } from '@workitem-hub/client/raw';

export const client: WorkItemClient = createWorkItemClient({
  url: 'https://hub.example',
  getToken: ({ reason }) => (reason === 'refused' ? null : 'token'),
  storage: fileStorage('positions'),
});
client.on('new_workitem', (item, { seq }) => console.log(item.extracted_fields.broker, seq + CONTRACT));
// @ts-expect-error: no such event.
client.on('no_such_event', () => {});
// @ts-expect-error: no such option.
createWorkItemClient({ url: '', getToken: () => null, noSuchOption: 1 });
export const passes: boolean = compileFilter({ status: ['pending'] }, 'alice')({} as Item);
export const amount: number | undefined = parseMoney('£2,000,000')?.amount;
export const position: Position | null = client.position;
export const failed = (error: unknown): boolean => error instanceof WorkItemError && error.code === 'conflict';
export const raw = (): unknown => createRawClient({ url: '', getToken: () => '', onEvent: ({ item }) => item.version });
`;

const SCHEMAS = `
import * as z from 'zod/mini';
import { filterSchema } from '@workitem-hub/client/request-schemas';
const filter = z.parse(filterSchema, { status: ['pending'] });
console.log(filter.status?.length);
`;

// Declarations are looked into: an application that checks its libraries must not find a fault here.
const STRICT = {
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  target: 'es2022',
  typeRoots: [TYPES],
  types: ['node'],
};

async function check(
  project: Project,
  compiler: string,
  options: object,
  files: Record<string, string>,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) await project.write(`types/${name}`, text);
  await project.write(
    'types/tsconfig.json',
    JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files: Object.keys(files) }),
  );
  // It prints what it finds, which is nothing.
  expect(await project.run(compiler, '-p', 'types')).to.equal('');
}

describe('the types of the packed client', function () {
  this.timeout(SLOW);

  const byNode = { module: 'nodenext', lib: ['es2023'] };
  const byBundlers = { module: 'esnext', moduleResolution: 'bundler', lib: ['es2023', 'dom'] };

  it("are found by Node's rules, in both formats", async () => {
    await check(await plainProject(), binary('tsc'), byNode, { 'esm.mts': USES, 'commonjs.cts': USES });
  });

  it("are found by Node's rules by the compiler that most people have", async () => {
    const project = await fullProject();
    const theirs = path.join(project.path, 'node_modules', '.bin', 'tsc');
    // With the DOM's types in place of Node's: together they keep this compiler busy for seconds.
    // By the rules of Node 18 CommonJS has types of its own; by later ones it may have those of the ES modules.
    const options = { module: 'node18', lib: ['es2023', 'dom'], types: [] };
    await check(project, theirs, options, { 'esm.mts': USES, 'commonjs.cts': USES });
  });

  it("are found by bundlers' rules", async () => {
    await check(await plainProject(), binary('tsc'), byBundlers, { 'bundled.ts': USES });
  });

  it('of the request schemas are those of the zod that is installed', async () => {
    await check(await fullProject(), binary('tsc'), { module: 'nodenext' }, { 'schemas.mts': SCHEMAS });
  });

  it('are kept to by the examples of the README', async () => {
    const examples = ['list.ts', 'commands.ts', 'consumer.ts', 'raw.ts', 'hub.ts'];
    const files = Object.fromEntries(examples.map((name) => [name, example(name === 'hub.ts' ? 'src/hub.ts' : name)]));
    await check(await plainProject(), binary('tsc'), { module: 'nodenext', lib: ['es2023', 'dom'] }, files);
  });

  it('are kept to by the page after its migration', async () => {
    const around =
      'declare function showRows(items: readonly unknown[]): void;\ndeclare function showConnection(name: string, reason: string): void;\n';
    await check(await plainProject(), binary('tsc'), byBundlers, { 'after.ts': around + example('after.js') });
  });
});

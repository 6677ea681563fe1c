// Makes the package as it is published: ESM and CommonJS with types and source maps. `npm pack` and `npm publish` run it.
//
// The workspace itself runs on what `tsc -b` writes to the same places, one file per source. What is published differs in
// that zod/mini is bundled into the files that check messages, so that applications need not have it.
//
// In `exports` Node finds `module-sync` first: where it can `require` ES modules it does, and a process has one copy of the client
// whichever way it asks. The tests of this workspace rest on that too. The files in `dist/cjs` are for what cannot: Jest, some
// bundlers, older compilers.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';

const here = import.meta.dirname;
const dist = path.join(here, 'dist');
const source = path.join(here, 'src');

interface Manifest {
  exports: Record<string, string | { import: { default: string } }>;
}

/** The map of exports is the list of entries: `./dist/esm/react.js` comes from `src/react.ts`. */
function entries(): string[] {
  const { exports } = JSON.parse(readFileSync(path.join(here, 'package.json'), 'utf8')) as Manifest;
  return Object.values(exports)
    .filter((target) => typeof target !== 'string')
    .map((target) => path.basename(target.import.default, '.js'));
}

/** Who may import what from outside. Anything else is a mistake that would break somebody's bundle. */
const outside: Plugin = {
  name: 'outside',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, ({ path: wanted, importer, kind }) => {
      if (kind === 'entry-point') return undefined;
      const from = path.basename(importer);
      if (wanted === 'socket.io-client') return { path: wanted, external: true };
      if (from === `${wanted}.ts` && (wanted === 'react' || wanted === 'vue')) return { path: wanted, external: true };
      if (wanted.startsWith('node:')) {
        if (from === 'node.ts') return { path: wanted, external: true };
        return { errors: [{ text: `${from} is for browsers: it must not import ${wanted}.` }] };
      }
      if (wanted.split('/')[0] !== 'zod') return { errors: [{ text: `${wanted} is no dependency of the package.` }] };
      // These schemas are for the application's own zod, whose types they have.
      return from === 'request-schemas.ts' ? { path: wanted, external: true } : undefined;
    });
  },
};

/** One compiler pass per format, since imports resolve by other rules in each. */
function writeTypes(format: 'esm' | 'cjs', options: string[]): void {
  const common = ['--composite', 'false', '--incremental', 'false', '--emitDeclarationOnly', '--sourceMap', 'false'];
  execFileSync('tsc', ['-p', here, ...common, '--outDir', path.join(dist, format), ...options], { stdio: 'inherit' });
}

/** Leaves out the types of inner modules that no entry leads to: some speak of zod, which applications may not have. */
async function dropUnreachedTypes(folder: string): Promise<void> {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    const text = readFileSync(path.join(folder, name), 'utf8');
    for (const [, to] of text.matchAll(/['"]\.\/([\w-]+)\.js['"]/g)) visit(`${to}.d.ts`);
  };
  for (const entry of entries()) visit(`${entry}.d.ts`);
  for (const name of await readdir(folder)) {
    if (name.endsWith('.d.ts') && !reached.has(name)) await unlink(path.join(folder, name));
  }
}

const shared = { target: 'es2022', sourcemap: true, logLevel: 'warning' } as const;

/** One file, that pages without a bundler can load as it is: it shares nothing with the other entries. */
const STANDALONE = 'raw';

async function writeModules(names: string[], splitting: boolean): Promise<void> {
  await build({
    ...shared,
    entryPoints: names.map((name) => path.join(source, `${name}.ts`)),
    bundle: true,
    splitting,
    format: 'esm',
    platform: 'neutral',
    plugins: [outside],
    outdir: path.join(dist, 'esm'),
  });
}

rmSync(dist, { recursive: true, force: true });
writeTypes('esm', ['--module', 'nodenext']);
writeTypes('cjs', ['--module', 'commonjs', '--moduleResolution', 'bundler', '--verbatimModuleSyntax', 'false']);
await Promise.all([dropUnreachedTypes(path.join(dist, 'esm')), dropUnreachedTypes(path.join(dist, 'cjs'))]);

// What the others share is there once: an error of `./react` is an instance of the `WorkItemError` of `.`.
const together = entries().filter((name) => name !== STANDALONE);
await Promise.all([writeModules(together, true), writeModules([STANDALONE], false)]);

// From the files above, not from the source: esbuild splits ESM only, and CommonJS is to share as much.
const scripts = (await readdir(path.join(dist, 'esm'))).filter((name) => name.endsWith('.js'));
await build({
  ...shared,
  entryPoints: scripts.map((name) => path.join(dist, 'esm', name)),
  format: 'cjs',
  platform: 'node',
  outdir: path.join(dist, 'cjs'),
});
// The package says that it is ESM; here it is not.
writeFileSync(path.join(dist, 'cjs', 'package.json'), '{ "type": "commonjs", "sideEffects": false }\n');

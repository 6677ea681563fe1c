// The client as applications get it: packed once, and installed into throw-away projects outside of the repository.
import { execFile, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { type Printed, readAlong } from '../support/printed.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SDK = path.join(ROOT, 'client-sdk');
const README = readFileSync(path.join(SDK, 'README.md'), 'utf8');

/** Milliseconds for a test that packs, installs or builds: a registry may be slow. */
export const SLOW = 180_000;

export interface Project {
  readonly path: string;
  write(name: string, text: string): Promise<void>;
  /** Runs a program to its end; resolves with what it printed, rejects with the same. */
  run(program: string, ...args: string[]): Promise<string>;
  /** Starts a script on Node; `stop` ends it, and resolves when it has ended. */
  start(script: string, env?: Record<string, string>): Printed & { stop(): Promise<void> };
}

/** An example of the README, by the file name in its first line. */
export function example(name: string): string {
  for (const [, text] of README.matchAll(/^```\w+\n((?:\/\/|<!--) [^]*?)^```$/gm)) {
    if (new RegExp(`^(//|<!--) ${name.replaceAll('.', '\\.')}( -->)?\n`).test(text ?? '')) return text as string;
  }
  throw new Error(`The README has no example ${name}.`);
}

/** The version of a package that the workspace has, for projects to have the same. */
export function versionHere(name: string): string {
  const manifest = readFileSync(path.join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Has Node take the files in CommonJS, as other programs do: by itself it would take the ES modules for `require` too. */
export const NO_REQUIRE_ESM = '--no-experimental-require-module';

/** A program of the workspace. */
export const binary = (name: string): string => path.join(ROOT, 'node_modules', '.bin', name);

/** `typeRoots` of the workspace, for projects that install no types of their own. */
export const TYPES = path.join(ROOT, 'node_modules', '@types');

// Tests run inside npm, which tells the programs that it starts about this workspace: other projects must not hear of it.
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(INIT_CWD|npm_(package|lifecycle|command|config_(local_prefix|workspace))\w*)$/.test(name),
  ),
);

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
};

/** Everything is below one directory, which is gone when the tests are. */
const scratch = once(async () => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-client-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
});

function projectAt(directory: string): Project {
  return {
    path: directory,
    async write(name, text) {
      await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
      await writeFile(path.join(directory, name), text);
    },
    async run(program, ...args) {
      try {
        const { stdout } = await promisify(execFile)(program, args, { cwd: directory, env, timeout: SLOW });
        return stdout;
      } catch (thrown) {
        const { stdout, stderr } = thrown as { stdout?: string; stderr?: string };
        throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: thrown });
      }
    },
    start(script, more = {}) {
      const child = spawn(process.execPath, [script], { cwd: directory, env: { ...env, ...more } });
      const along = readAlong(child);
      return {
        ...along,
        async stop() {
          child.kill();
          await along.ended;
        },
      };
    },
  };
}

/** The tarball, made from a copy of the sources: the workspace's own build stays as it is, whatever happens meanwhile. */
export const tarball = once(async () => {
  const copy = path.join(await scratch(), 'workspace');
  await cp(SDK, path.join(copy, 'client-sdk'), {
    recursive: true,
    filter: (from) => path.basename(from) !== 'dist' && path.basename(from) !== 'node_modules',
  });
  await cp(path.join(ROOT, 'tsconfig.base.json'), path.join(copy, 'tsconfig.base.json'));
  await symlink(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  await projectAt(path.join(copy, 'client-sdk')).run('npm', 'pack', '--silent', '--pack-destination', await scratch());
  const found = (await readdir(await scratch())).find((name) => name.endsWith('.tgz'));
  return path.join(await scratch(), found as string);
});

async function install(name: string, dependencies: Record<string, string>): Promise<Project> {
  const project = projectAt(path.join(await scratch(), name));
  await project.write(
    'package.json',
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: { '@workitem-hub/client': `file:${await tarball()}`, ...dependencies },
    }),
  );
  await project.run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock');
  return project;
}

/** A project that has nothing but the client, and what came with it. */
export const plainProject = once(() => install('plain', {}));

/** A project with everything that the client can be used with, and a compiler that most people have. */
export const fullProject = once(() => {
  const same = ['@types/react', '@types/react-dom', '@vitejs/plugin-vue', 'react', 'react-dom', 'vite', 'vue', 'zod'];
  return install('full', {
    ...Object.fromEntries(same.map((name) => [name, versionHere(name)])),
    // The workspace has TypeScript 7, whose compiler vue-tsc cannot extend yet.
    typescript: '~5.9.3',
    'vue-tsc': '^3.3.14',
  });
});

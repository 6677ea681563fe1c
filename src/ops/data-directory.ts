// Directories that a setting names: made, and tried out, before anything is built on them.
import { mkdir, mkdtemp, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../config.js';

/** @throws ConfigError naming DATA_DIR when it is no directory, or nothing can be written in it */
export async function ensureDataDirectory(directory: string): Promise<void> {
  try {
    await makeDirectory(directory);
    // Only writing tells: rights, read-only disks and the kernel's own file systems each forbid it in another way.
    await rmdir(await mkdtemp(path.join(directory, '.try-')));
  } catch (error) {
    throw new ConfigError(`DATA_DIR: ${directory} cannot be used: ${(error as Error).message}`);
  }
}

/**
 * Makes a directory and what is missing above it. Node's own recursive way does not come back where a directory refuses
 * new ones with ENOENT, as `/proc` does: it takes that for a missing parent, for ever.
 */
export async function makeDirectory(directory: string, mode?: number): Promise<void> {
  await make(directory, mode, false);
}

async function make(directory: string, mode: number | undefined, isRepeat: boolean): Promise<void> {
  try {
    await mkdir(directory, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = path.dirname(path.resolve(directory));
    if (code === 'EEXIST') {
      if (await isDirectory(directory)) return;
      throw new Error('there is a file of that name');
    }
    if (code !== 'ENOENT' || isRepeat) throw error;
    // Missing, unless somebody else has made it just now. One that refuses new ones says ENOENT once more.
    if (!(await isDirectory(parent))) await makeDirectory(parent);
    await make(directory, mode, true);
  }
}

async function isDirectory(name: string): Promise<boolean> {
  return stat(name).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

// For programs on Node: positions in files.
import { open, mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { PositionStorage } from './storage.js';

/**
 * Keeps positions in a directory, one file each, written whole or not at all.
 * @param directory made when it is not there
 */
export function fileStorage(directory: string): PositionStorage {
  const fileOf = (name: string): string => path.join(directory, `${encodeURIComponent(name)}.json`);
  return {
    async get(name) {
      try {
        return await readFile(fileOf(name), 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    async set(name, value) {
      await mkdir(directory, { recursive: true });
      const file = fileOf(name);
      const half = `${file}.${process.pid}.tmp`;
      const handle = await open(half, 'w');
      try {
        await handle.writeFile(value);
        // Else a power cut may leave a name without a content.
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(half, file);
    },
  };
}

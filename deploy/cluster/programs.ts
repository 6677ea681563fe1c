// Where the programs are that the cluster needs beside Node and MongoDB.
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../../src/config.js';

/** Daemons lie here, which is not on everybody's PATH. */
const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
const PATH = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);

/** The first on PATH, or where daemons lie. @throws ConfigError that says which package has it */
export async function findProgram(
  name: string,
  debianPackage: string,
  folders: readonly string[] = [...PATH, ...SBIN],
): Promise<string> {
  for (const folder of folders) {
    const file = path.join(folder, name);
    const runs = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return file;
  }
  throw new ConfigError(`${name} is not installed; on Debian and Ubuntu: apt-get install ${debianPackage}`);
}

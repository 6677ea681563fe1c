// What a running cluster says about itself, for `npm run cluster -- roll` and for whoever looks into its directory.
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ClusterProcess } from './cluster.js';

export interface ClusterState {
  /** Of the command. */
  pid: number;
  url: string;
  processes: ClusterProcess[];
  /** Rolling deploys that have ended since it started. */
  rolls: number;
  /** What kept the last of them from its end. */
  failure: string | null;
}

const fileOf = (directory: string): string => path.join(directory, 'cluster.json');

/** Whole or not at all: somebody may be reading. */
export async function writeState(directory: string, state: ClusterState): Promise<void> {
  const draft = `${fileOf(directory)}.new`;
  await writeFile(draft, `${JSON.stringify(state, null, 2)}\n`);
  await rename(draft, fileOf(directory));
}

export async function readState(directory: string): Promise<ClusterState> {
  return JSON.parse(await readFile(fileOf(directory), 'utf8')) as ClusterState;
}

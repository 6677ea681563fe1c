// The cluster as `npm run cluster` starts it, for tests: small, in a directory of its own, with the tests' secrets.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Cluster, type ClusterOptions, startCluster } from '../../deploy/cluster/cluster.js';
import { freePort } from '../../src/mongo/mongod.js';
import { INTAKE_KEY, SECRET } from '../support/hub.js';
import { UNLIMITED } from '../faults/unlimited.js';

export const DATABASE = 'cluster_test';

export interface TestCluster extends Cluster {
  /** What the cluster told whoever watches. */
  readonly said: readonly string[];
  readonly directory: string;
  /** Everything that nginx has written, both files. */
  nginxLogs(): Promise<string>;
  /** Posts a mail through nginx, or to one of the hubs; resolves with status and body. */
  mail(id: string, url?: string): Promise<{ status: number; body: Record<string, unknown> }>;
  remove(): Promise<void>;
}

/** A set of one member starts sooner, and is as good to a hub. Takes about 5 s. */
export async function startTestCluster(options: Partial<ClusterOptions> = {}): Promise<TestCluster> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-cluster-'));
  const said: string[] = [];
  const cluster = await startCluster({
    directory,
    members: 1,
    port: await freePort(),
    say: (line) => void said.push(line),
    ...options,
    env: {
      ...UNLIMITED,
      JWT_SECRET: SECRET,
      INTAKE_API_KEYS: INTAKE_KEY,
      MONGODB_DATABASE: DATABASE,
      ...options.env,
    },
  });
  return {
    ...cluster,
    said,
    directory,
    async nginxLogs() {
      const files = ['access.log', 'error.log'].map((name) =>
        readFile(path.join(cluster.nginx.directory, name), 'utf8'),
      );
      return (await Promise.all(files)).join('');
    },
    async mail(id, url = cluster.url) {
      const response = await fetch(`${url}/api/email/intake`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': INTAKE_KEY },
        body: JSON.stringify({ subject: 's', from: 'a@example.com', body: 'b', internetMessageId: `<${id}>` }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async remove() {
      await cluster.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

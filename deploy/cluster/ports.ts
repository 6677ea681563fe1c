// The ports of a cluster, kept with its data: the members of a replica set are known by theirs.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../../src/config.js';
import { freePort } from '../../src/mongo/mongod.js';

export interface Ports {
  nginx: number;
  redis: number;
  mongo: number[];
  hubs: number[];
}

/** What was asked for; ports that may be others when they are taken, but for a port of nginx that was chosen. */
export interface WantedPorts {
  hubs: number;
  members: number;
  /** `null`: 8080, or another when that is taken. */
  nginx: number | null;
}

const NGINX = 8080;

/** @throws ConfigError for a port that is taken and has to be this one, and for another number of members than there were */
export async function choosePorts(directory: string, wanted: WantedPorts): Promise<Ports> {
  const file = path.join(directory, 'ports.json');
  const kept = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Partial<Ports>;
  const members = kept.mongo ?? [];
  if (members.length > 0 && members.length !== wanted.members) {
    throw new ConfigError(
      `The data in ${directory} is of a set of ${members.length}; start with --fresh to make another.`,
    );
  }
  const taken = new Set<number>();
  const take = async (preferred: number): Promise<number> => {
    for (;;) {
      // A port that was given out here is still free to the system.
      const port = await freePort(taken.has(preferred) ? 0 : preferred);
      if (taken.has(port)) continue;
      taken.add(port);
      return port;
    }
  };
  const takeExactly = async (port: number, why: string): Promise<number> => {
    if ((await take(port)) === port) return port;
    throw new ConfigError(`Port ${port} is in use; ${why}`);
  };

  const ports: Ports = { nginx: 0, redis: 0, mongo: [], hubs: [] };
  for (let n = 0; n < wanted.members; n++) {
    const before = members[n];
    const why = 'the replica set has a member there. End what uses it, or start with --fresh.';
    ports.mongo.push(before === undefined ? await take(0) : await takeExactly(before, why));
  }
  ports.nginx =
    wanted.nginx === null
      ? await take(kept.nginx ?? NGINX)
      : await takeExactly(wanted.nginx, 'choose another with --port.');
  ports.redis = await take(kept.redis ?? 0);
  for (let n = 0; n < wanted.hubs; n++) ports.hubs.push(await take(kept.hubs?.[n] ?? 0));
  await writeFile(file, `${JSON.stringify(ports)}\n`);
  return ports;
}

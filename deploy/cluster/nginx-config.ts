// The balancer's configuration as it is shipped, with the addresses and places of this machine.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOST } from '../../src/mongo/replica-set.js';

const SHIPPED = fileURLToPath(new URL('../nginx.conf', import.meta.url));

export interface Places {
  port: number;
  hubPorts: readonly number[];
  /** For everything that nginx writes; absolute. */
  directory: string;
}

/** @throws Error when the shipped file is not what this expects: then it is this that has to change */
export function localConfig({ port, hubPorts, directory }: Places): string {
  let text = readFileSync(SHIPPED, 'utf8');
  const replace = (what: RegExp, by: (part: string) => string): void => {
    if (!what.test(text)) throw new Error(`${SHIPPED} has no ${what}`);
    text = text.replaceAll(what, (_match, part: string) => by(part));
  };
  const placed = (name: string): string => JSON.stringify(path.join(directory, name));
  // Each upstream names the hubs of the compose file, one a line, all with the same options.
  replace(/(?: *server hub-\d+:8000( [^;]*)?;\n)+/g, (options) =>
    hubPorts.map((hub) => `    server ${HOST}:${hub}${options};\n`).join(''),
  );
  replace(/listen 8080;/g, () => `listen ${HOST}:${port};`);
  replace(/\/tmp\/(nginx[\w.-]+)/g, placed);
  replace(/\/dev\/(stdout)/g, () => placed('access.log'));
  replace(/error_log stderr/g, () => `error_log ${placed('error.log')}`);
  // As root, nginx would give its workers to a user who may not see this directory.
  const { uid, username } = os.userInfo();
  return uid === 0 ? `user ${username};\n${text}` : text;
}

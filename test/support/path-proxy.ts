// nginx as an operator puts it before the hub: everything below a path, and nothing else.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findProgram } from '../../deploy/cluster/programs.js';
import { freePort } from '../../src/mongo/mongod.js';
import { HOST, untilAccepts } from '../../src/mongo/replica-set.js';
import { dieTogether } from './die-together.js';

export interface PathProxy {
  /** Ends in the path, without a slash. */
  readonly url: string;
  /** Begins without the path. */
  readonly origin: string;
  close(): Promise<void>;
}

/** @param below such as `/desk/` */
export async function startPathProxy(hubUrl: string, below: string): Promise<PathProxy> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-nginx-'));
  const port = await freePort();
  const { uid, username } = os.userInfo();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${directory}/${name};`,
  );
  const config = path.join(directory, 'nginx.conf');
  await writeFile(
    config,
    `${uid === 0 ? `user ${username};` : ''}
    worker_processes 1;
    pid ${directory}/nginx.pid;
    error_log ${directory}/error.log;
    events {}
    http {
      access_log off;
      ${temporary.join('\n')}
      map $http_upgrade $connection_header { "" close; default upgrade; }
      server {
        listen ${HOST}:${port};
        location ${below} {
          proxy_pass ${hubUrl}/;
          proxy_http_version 1.1;
          proxy_set_header Host $http_host;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection $connection_header;
          proxy_read_timeout 120s;
        }
        location / { return 404; }
      }
    }`,
  );
  const child = spawn(
    await findProgram('nginx', 'nginx'),
    ['-e', `${directory}/error.log`, '-c', config, '-g', 'daemon off;'],
    {
      stdio: 'ignore',
    },
  );
  const leash = dieTogether(child.pid as number, directory);
  const exited = once(child, 'exit');
  await untilAccepts(port, AbortSignal.timeout(15_000));
  const origin = `http://${HOST}:${port}`;
  return {
    origin,
    url: origin + below.replace(/\/$/, ''),
    async close() {
      child.kill('SIGTERM');
      await exited;
      leash.release();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

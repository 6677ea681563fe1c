import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { localConfig } from '../../deploy/cluster/nginx-config.js';
import { findProgram } from '../../deploy/cluster/programs.js';
import { readConfig } from '../../src/config.js';

const run = promisify(execFile);
const SHIPPED = fileURLToPath(new URL('../../deploy/nginx.conf', import.meta.url));

describe('nginx.conf', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-nginx-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  async function check(text: string): Promise<string> {
    const file = path.join(directory, 'nginx.conf');
    await writeFile(file, text);
    const { stderr } = await run(await findProgram('nginx', 'nginx'), [
      '-t',
      '-c',
      file,
      '-e',
      path.join(directory, 'e'),
    ]);
    return stderr;
  }

  it('is taken by nginx as it is shipped, but for names that this machine does not know', async () => {
    const shipped = await readFile(SHIPPED, 'utf8');
    const text = shipped.replaceAll(/hub-\d+:8000/g, '127.0.0.1:8000').replaceAll(/\/tmp\/|\/dev\//g, `${directory}/`);
    expect(await check(text)).to.include('test is successful');
  });

  it('is made local with every hub in every upstream, and no place outside of its directory', async () => {
    const text = localConfig({ port: 8123, hubPorts: [9001, 9002, 9003], directory });
    expect(await check(text)).to.include('test is successful');
    const upstreams = text.match(/upstream \w+ \{[^}]*\}/g) ?? [];
    expect(upstreams).to.have.length(4);
    for (const upstream of upstreams) {
      expect(upstream.match(/server 127\.0\.0\.1:(\d+) max_fails=(?:1 fail_timeout=1s|0);/g)).to.have.length(3);
    }
    expect(text)
      .to.include('listen 127.0.0.1:8123;')
      .and.to.not.match(/[" ]\/tmp\/nginx|\/dev\/|hub-\d:/);
  });

  it('lets a socket be silent for longer than the hub’s heartbeat, and takes bodies that are as large as the hub’s', async () => {
    const text = await readFile(SHIPPED, 'utf8');
    const config = readConfig({});
    for (const place of ['location /socket.io/', 'location = /ws/workitems']) {
      const block = text.slice(text.indexOf(place)).split('\n    }\n', 1)[0] ?? '';
      expect(Number(/proxy_read_timeout (\d+)s/.exec(block)?.[1])).to.be.above(2 * config.HEARTBEAT_SECONDS);
    }
    expect(Number(/client_max_body_size (\d+)m/.exec(text)?.[1])).to.be.above(0);
    const intake = text.slice(text.indexOf('location = /api/email/intake')).split('\n    }\n', 1)[0] ?? '';
    expect(Number(/client_max_body_size (\d+)m/.exec(intake)?.[1])).to.be.above(config.INTAKE_MAX_MB);
  });
});

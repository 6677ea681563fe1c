// The embedded MongoDB keeps its data and comes up again whatever happened to it, its port, its set, or its hub.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { ConfigError, readConfig } from '../../src/config.js';
import { type Mongo, openMongo } from '../../src/mongo/connection.js';
import { type EmbeddedMongo, startEmbeddedMongo } from '../../src/mongo/embedded.js';
import { databasePath } from '../../src/mongo/mongod.js';
import { dieTogether, type Leash } from '../support/die-together.js';
import { quiet } from '../support/mongo.js';
import { until } from '../support/until.js';
import { bareMongod, isRunning, remove, temporaryDirectory, waitUntilGone } from './servers.js';

const portOf = (url: string) => Number(new URL(url).port);

describe('embedded MongoDB', () => {
  let dataDir: string;
  const running = new Set<EmbeddedMongo>();
  const hubs = new Set<ChildProcess>();
  const leashes = new Set<Leash>();

  beforeEach(async () => {
    dataDir = await temporaryDirectory();
  });
  afterEach(async () => {
    for (const hub of hubs) hub.kill('SIGKILL');
    hubs.clear();
    await Promise.all([...running].map((embedded) => embedded.stop()));
    running.clear();
    for (const leash of leashes) leash.release();
    leashes.clear();
    await remove(dataDir);
  });

  async function start(config = { ...readConfig(), DATA_DIR: dataDir }): Promise<EmbeddedMongo> {
    const embedded = await startEmbeddedMongo({ config, logger: quiet });
    leashes.add(dieTogether(embedded.pid, dataDir));
    running.add(embedded);
    return embedded;
  }

  /** Runs another hub until it has said its line. */
  async function startHub(): Promise<{ process: ChildProcess; line: string }> {
    const script = fileURLToPath(new URL('hub-process.ts', import.meta.url));
    const hub = spawn(process.execPath, ['--import', 'tsx', script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    hubs.add(hub);
    const [line] = await once(hub.stdout, 'data', { signal: AbortSignal.timeout(15_000) });
    return { process: hub, line: String(line).trim() };
  }

  async function using<T>(url: string, work: (mongo: Mongo) => Promise<T>): Promise<T> {
    const mongo = await openMongo({ url, database: 'x', logger: quiet });
    try {
      return await work(mongo);
    } finally {
      await mongo.close();
    }
  }
  const put = (url: string) => using(url, (mongo) => mongo.db.collection('any').insertOne({ kept: true }));
  const kept = (url: string) => using(url, (mongo) => mongo.db.collection('any').countDocuments({ kept: true }));

  it('keeps data and port between starts, and ends its mongod when it is stopped', async () => {
    const first = await start();
    await put(first.url);
    await Promise.all([first.stop(), first.stop()]);
    expect(isRunning(first.pid)).to.equal(false);

    const second = await start();
    expect(second.url).to.equal(first.url);
    expect(await kept(second.url)).to.equal(1);
  });

  it('listens on loopback only, and keeps mongod’s log of this start and the last', async () => {
    for (let times = 0; times < 3; times++) await (await start()).stop();
    const embedded = await start();
    const options = await using(embedded.url, (mongo) => mongo.client.db('admin').command({ getCmdLineOpts: 1 }));
    expect(options.parsed.net.bindIp).to.equal('127.0.0.1');
    const starts = async (name: string) =>
      (await readFile(path.join(dataDir, 'mongodb', name), 'utf8')).split('"MongoDB starting"').length - 1;
    expect(await starts('mongod.log')).to.equal(1);
    expect(await starts('mongod.log.previous')).to.equal(1);
  });

  it('moves to another port when somebody has its own', async () => {
    const first = await start();
    await put(first.url);
    await first.stop();
    // The worst kind of stranger: takes every connection and answers nothing.
    const connections = new Set<Socket>();
    const stranger = createServer((socket) => connections.add(socket)).listen(portOf(first.url), '127.0.0.1');
    await once(stranger, 'listening');
    try {
      const second = await start();
      expect(second.url).not.to.equal(first.url);
      expect(await kept(second.url)).to.equal(1);
    } finally {
      for (const socket of connections) socket.destroy();
      stranger.close();
    }
  });

  it('finds its data when the note of its port was lost', async () => {
    const first = await start();
    await put(first.url);
    await first.stop();
    await remove(path.join(dataDir, 'mongodb', 'port'));
    expect(await kept((await start()).url)).to.equal(1);
  });

  it('ends the mongod of a hub that was killed with -9, and goes on with its data', async () => {
    const hub = await startHub();
    const orphan = JSON.parse(hub.line) as { url: string; pid: number };
    await put(orphan.url);
    hub.process.kill('SIGKILL');
    await once(hub.process, 'exit');
    expect(isRunning(orphan.pid)).to.equal(true);

    const embedded = await start();
    expect(embedded.pid).not.to.equal(orphan.pid);
    await waitUntilGone(orphan.pid);
    expect(embedded.url).to.equal(orphan.url);
    expect(await kept(embedded.url)).to.equal(1);
  });

  it('ends an orphan that is stopped and answers nothing', async () => {
    const hub = await startHub();
    const orphan = JSON.parse(hub.line) as { pid: number };
    hub.process.kill('SIGKILL');
    await once(hub.process, 'exit');
    process.kill(orphan.pid, 'SIGSTOP');
    await start();
    await waitUntilGone(orphan.pid);
  });

  it('leaves no mongod when its hub ends in the ordinary way', async () => {
    const hub = await startHub();
    const { pid } = JSON.parse(hub.line) as { pid: number };
    hub.process.kill('SIGTERM');
    await once(hub.process, 'exit');
    expect(isRunning(pid)).to.equal(false);
  });

  it('refuses data that another hub uses, in one line, and does that one no harm', async () => {
    const hub = await startHub();
    const { url, pid } = JSON.parse(hub.line) as { url: string; pid: number };
    await put(url);
    const refused = await start().catch((error: unknown) => error as Error);
    expect(refused).to.be.instanceOf(ConfigError);
    expect((refused as Error).message).to.match(
      new RegExp(`^Another hub \\(process ${hub.process.pid}\\) is using .*DATA_DIR`),
    );
    expect((await startHub()).line).to.equal((refused as Error).message);
    expect(isRunning(pid)).to.equal(true);
    expect(await kept(url)).to.equal(1);
  });

  it('restarts a mongod that dies, again and again, at the same address and with its data', async () => {
    const embedded = await start();
    await using(embedded.url, async (mongo) => {
      await mongo.db.collection('any').insertOne({ kept: true });
      for (let times = 0; times < 3; times++) {
        const { pid } = embedded;
        process.kill(pid, 'SIGKILL');
        await waitUntilGone(pid);
        // Reads are repeated by the driver until a server is there.
        expect(
          await using(embedded.url, (again) => again.db.collection('any').countDocuments({ kept: true })),
        ).to.equal(1);
        // The new mongod serves before the hub has been told that it is up.
        await until(() => embedded.pid !== pid);
        leashes.add(dieTogether(embedded.pid, dataDir));
      }
    });
  });

  it('can be stopped while it restarts its mongod', async () => {
    const embedded = await start();
    const { pid } = embedded;
    process.kill(pid, 'SIGKILL');
    await waitUntilGone(pid);
    await embedded.stop();
    await waitUntilGone(embedded.pid);
    // The data is free again.
    await start();
  });

  it('starts over a lock file that names a living process which is no mongod, or nonsense', async () => {
    const first = await start();
    await put(first.url);
    await first.stop();
    for (const content of [`${process.pid}\n`, 'nonsense']) {
      await writeFile(path.join(databasePath(path.join(dataDir, 'mongodb')), 'mongod.lock'), content);
      const embedded = await start();
      expect(await kept(embedded.url)).to.equal(1);
      await embedded.stop();
    }
  });

  it('finishes a set that was never initiated', async () => {
    const dbpath = databasePath(path.join(dataDir, 'mongodb'));
    await mkdir(dbpath, { recursive: true });
    const half = await bareMongod(dbpath, '--replSet', 'workitem-hub');
    await half.end();
    await put((await start()).url);
  });

  it('gives the data free when it fails half-way', async () => {
    const cannot = path.join(dataDir, 'cannot');
    await writeFile(cannot, '#!/bin/sh\n[ "$1" = --version ] && echo "db version v0.0.0" || exit 2\n', { mode: 0o755 });
    const config = { ...readConfig(), DATA_DIR: dataDir };
    const error = await start({ ...config, MONGOMS_SYSTEM_BINARY: cannot }).catch((it: unknown) => it as Error);
    expect(error).to.be.instanceOf(ConfigError);
    expect((error as Error).message).to.match(/exit code 2/);
    await start(config);
  });
});

// The connection to Redis outlives everything that can happen to a Redis, and keeps nobody waiting meanwhile.
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { freePort } from '../../src/mongo/mongod.js';
import { createLogger } from '../../src/ops/logger.js';
import { createRedis, type Redis } from '../../src/redis/connection.js';
import { RedisAway } from '../../src/redis/link.js';
import { type OwnRedis, ownRedis } from '../support/redis.js';
import { createLink } from '../support/link.js';
import { until } from '../support/until.js';

/** A connection on which messages are heard, with what it logs. */
function opened(url: string) {
  const lines: string[] = [];
  const logger = createLogger(
    { LOG_LEVEL: 'trace', production: true },
    { write: (line: string) => void lines.push(line) },
  );
  const heard: string[] = [];
  const changes: boolean[] = [];
  const redis = createRedis({ url, logger });
  redis.subscribe(['news'], (message) => void heard.push(message.toString()));
  redis.subscribe(['news'], () => {
    throw new Error('this listener cannot read anything');
  });
  redis.subscribe(['news'], async () => {
    throw new Error('nor can this one');
  });
  redis.onChange((up) => void changes.push(up));
  redis.start();
  return { redis, heard, changes, lines };
}

const ask = (redis: Redis): Promise<string> => redis.run((client) => client.ping());
const failureOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => null,
    (error: unknown) => error,
  );

/** Resolves when a message from outside arrives, which it does only when it is subscribed. */
async function hears({ heard }: ReturnType<typeof opened>, server: OwnRedis): Promise<void> {
  const word = `word ${Math.random()}`;
  const client = await server.client();
  await until(async () => {
    await client.publish('news', word);
    return heard.includes(word);
  });
}

describe('a connection to Redis', function () {
  this.timeout(60_000);
  let server: OwnRedis;
  let one: ReturnType<typeof opened>;
  beforeEach(async () => {
    server = await ownRedis();
    one = opened(server.url);
    await until(() => one.redis.isUp());
  });
  afterEach(async () => {
    await one.redis.close();
    await server.remove();
  });

  it('comes back, with what it listens to, when Redis is killed and started again', async () => {
    await hears(one, server);
    await server.kill();
    await until(() => !one.redis.isUp());
    expect(await failureOf(ask(one.redis))).to.be.instanceOf(RedisAway);
    one.redis.publish('news', 'to nobody');
    await server.start();
    await until(() => one.redis.isUp());
    await hears(one, server);
    expect(one.heard).not.to.include('to nobody');
    expect(one.changes).to.deep.equal([true, false, true]);
  });

  it('gives up what is under way when Redis hangs, asks it for nothing more, and finds it back', async () => {
    server.pause();
    const first = await Promise.all([ask(one.redis), ask(one.redis)].map(failureOf));
    expect(first.every((error) => error instanceof RedisAway)).to.equal(true);
    expect(one.redis.isUp()).to.equal(false);
    let asked = false;
    await failureOf(one.redis.run(async () => void (asked = true)));
    expect(asked, 'a command that was not even sent').to.equal(false);
    server.resume();
    await until(() => one.redis.isUp());
    expect(await ask(one.redis)).to.equal('PONG');
    await hears(one, server);
  });

  it('does not take its own process being busy for a hang', async () => {
    for (let i = 0; i < 3; i++) {
      const asked = ask(one.redis);
      const busyUntil = performance.now() + 400;
      while (performance.now() < busyUntil);
      expect(await asked).to.equal('PONG');
    }
    expect(one.changes).to.deep.equal([true]);
  });

  it('notices a hang that nobody runs into, and replaces connections that stay silent', async () => {
    const client = await server.client();
    const ids = async (): Promise<string[]> =>
      (await client.clientList()).filter(({ name }) => name === 'workitem-hub').map(({ id }) => String(id));
    const before = await ids();
    server.pause();
    await until(() => !one.redis.isUp());
    // Longer than a silent connection is kept.
    const silentFrom = performance.now();
    await until(() => performance.now() - silentFrom > 4_000);
    server.resume();
    await until(() => one.redis.isUp());
    const after = await ids();
    expect(after).to.have.length(2);
    expect(after.some((id) => before.includes(id))).to.equal(false);
    await hears(one, server);
  });

  it('is subscribed again after its connections were cut, and stays up when Redis is flushed', async () => {
    const client = await server.client();
    await client.flushAll();
    expect(await ask(one.redis)).to.equal('PONG');
    for (const { id, name } of await client.clientList()) {
      if (name === 'workitem-hub') await client.clientKill({ filter: 'ID', id });
    }
    await until(() => one.changes.length >= 3);
    await until(() => one.redis.isUp());
    await hears(one, server);
  });

  it('lets a listener fail, and the others hear', async () => {
    await hears(one, server);
    expect(one.lines.filter((line) => line.includes('could not be read')).length).to.be.at.least(2);
    expect(one.redis.isUp()).to.equal(true);
  });
});

describe('a connection to Redis whose bytes vanish', function () {
  this.timeout(60_000);

  for (const [what, vanish] of [
    ['both ways, on all of it', (way: number) => way >= 0],
    ['on the connection that hears messages only', (way: number) => way === 1],
  ] as const) {
    it(`is given up and made anew: ${what}`, async () => {
      const server = await ownRedis();
      const network = await vanishingNetwork(server.port);
      const one = opened(`redis://127.0.0.1:${network.port}`);
      try {
        await until(() => one.redis.isUp());
        network.vanish(vanish);
        await until(() => !one.redis.isUp());
        // Its old connections stay dead; only new ones lead anywhere.
        await until(() => one.redis.isUp(), 30_000);
        await hears(one, server);
      } finally {
        await one.redis.close();
        await network.close();
        await server.remove();
      }
    });
  }
});

/** A way to a server on which bytes of connections that are open can be made to vanish, without a word to either end. */
async function vanishingNetwork(to: number) {
  const lines: { dead: boolean; hears: boolean; ends: Socket[] }[] = [];
  const server = createServer((client) => {
    const redis = connect(to, '127.0.0.1');
    const line = { dead: false, hears: false, ends: [client, redis] };
    lines.push(line);
    for (const end of line.ends) end.on('error', () => {});
    client.on('data', (bytes: Buffer) => {
      line.hears ||= /subscribe/i.test(bytes.toString('latin1'));
      if (!line.dead) redis.write(bytes);
    });
    redis.on('data', (bytes: Buffer) => void (line.dead || client.write(bytes)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    /** @param which chooses by kind: 0 carries commands, 1 hears messages */
    vanish(which: (kind: number) => boolean) {
      for (const line of lines) line.dead ||= which(line.hears ? 1 : 0);
    },
    async close() {
      for (const { ends } of lines) for (const end of ends) end.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a connection to Redis that answers, but late', function () {
  this.timeout(60_000);

  it('stays given up, as the same connection, until an answer comes in time', async () => {
    const server = await ownRedis();
    const network = await createLink({ target: () => server.port });
    const one = opened(`redis://127.0.0.1:${network.port}`);
    try {
      await until(() => one.redis.isUp());
      let late = 0;
      let newest = 0;
      network.tap = (_piece, direction, connection) => {
        if (direction === 'down') late++;
        newest = Math.max(newest, connection);
        return 'pass';
      };
      network.slow({ delayMs: 250 });
      await until(() => !one.redis.isUp());
      // Several of them have arrived, and been asked for again.
      late = 0;
      await until(() => late >= 8);
      expect(one.changes).to.deep.equal([true, false]);
      network.slow({});
      await until(() => one.redis.isUp());
      await hears(one, server);
      expect(one.changes).to.deep.equal([true, false, true]);
      expect(newest, 'connections that were ever made').to.equal(2);
    } finally {
      await one.redis.close();
      await network.close();
      await server.remove();
    }
  });
});

describe('a connection to Redis that cannot be made', function () {
  this.timeout(60_000);
  const servers: { remove(): Promise<void> }[] = [];
  const connections: Redis[] = [];
  const openedHere = (url: string) => {
    const one = opened(url);
    connections.push(one.redis);
    return one;
  };
  afterEach(async () => {
    for (const redis of connections.splice(0)) await redis.close();
    for (const server of servers.splice(0)) await server.remove();
  });

  it('is made as soon as there is a Redis', async () => {
    const server = await ownRedis();
    servers.push(server);
    await server.kill();
    const one = openedHere(server.url);
    await until(() => one.lines.some((line) => line.includes('Redis is away')));
    expect(await failureOf(ask(one.redis))).to.be.instanceOf(RedisAway);
    await server.start();
    await until(() => one.redis.isUp());
    await hears(one, server);
    expect(
      one.lines.filter((line) => line.includes('Redis is away')),
      'said once',
    ).to.have.length(1);
  });

  it('is made when the password is right at last; no line shows it', async () => {
    const server = await ownRedis();
    servers.push(server);
    const admin = await server.client();
    await admin.configSet('requirepass', 'another');
    const one = openedHere(`redis://:s3cret%21canary@127.0.0.1:${server.port}/2`);
    await until(() => one.lines.some((line) => line.includes('WRONGPASS')));
    expect(one.redis.isUp()).to.equal(false);
    await admin.configSet('requirepass', 's3cret!canary');
    await until(() => one.redis.isUp());
    expect(await one.redis.run((client) => client.clientInfo())).to.include({ db: 2 });
    expect(one.lines.join('')).not.to.match(/s3cret|canary/);
  });

  it('is tried anew when whoever accepts it says nothing, or rubbish', async () => {
    const sockets = new Set<Socket>();
    const dumb: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      if (sockets.size % 2 === 0) socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    const port = await freePort();
    dumb.listen(port, '127.0.0.1');
    await once(dumb, 'listening');
    servers.push({
      remove: async () => {
        for (const socket of sockets) socket.destroy();
        dumb.close();
      },
    });
    const one = openedHere(`redis://127.0.0.1:${port}`);
    await until(() => sockets.size >= 5, 30_000);
    expect(one.redis.isUp()).to.equal(false);
    const attempt = connect(port, '127.0.0.1');
    await once(attempt, 'connect');
    attempt.destroy();
  });
});

describe('closing a connection to Redis', () => {
  for (const [state, bring] of [
    ['up', async () => {}],
    ['away', (server: OwnRedis) => server.kill()],
    ['hung', async (server: OwnRedis) => server.pause()],
  ] as const) {
    it(`ends at once while Redis is ${state}, and leaves no connection`, async function () {
      this.timeout(30_000);
      const server = await ownRedis();
      try {
        const { redis } = opened(server.url);
        await until(() => redis.isUp());
        await bring(server);
        const underWay = failureOf(ask(redis));
        await redis.close();
        await redis.close();
        await underWay;
        expect(redis.isUp()).to.equal(false);
        expect(await failureOf(ask(redis))).to.be.instanceOf(RedisAway);
        if (state === 'up') {
          const client = await server.client();
          await until(async () => (await client.clientList()).every(({ name }) => name !== 'workitem-hub'));
        }
      } finally {
        await server.remove();
      }
    });
  }

  it('sends what was published before', async () => {
    const server = await ownRedis();
    try {
      const [speaker, listener] = [opened(server.url), opened(server.url)];
      await until(() => speaker.redis.isUp() && listener.redis.isUp());
      speaker.redis.publish('news', 'last words');
      await speaker.redis.close();
      await until(() => listener.heard.includes('last words'));
      await listener.redis.close();
    } finally {
      await server.remove();
    }
  });
});

// A network that loses answers: between the hub and mongod, a command arrives and is carried out, and its reply never comes.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface LossyProxy {
  /** The database behind it, for a client that knows no other way. */
  readonly url: string;
  /** Replies lost so far. */
  readonly lost: () => number;
  /** From now on, about so many of the replies to these commands are lost (0 to 1), each with its connection. */
  lose(commands: readonly string[], share: number): void;
  close(): Promise<void>;
}

/** @param target URL of a mongod on loopback. */
export async function lossyProxy(target: string): Promise<LossyProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<[Socket, Socket]>();
  let names: Buffer[] = [];
  let share = 0;
  let lost = 0;

  const server = createServer((client) => {
    const mongod = connect(Number(port), hostname);
    const pair: [Socket, Socket] = [client, mongod];
    pairs.add(pair);
    let losing = false;
    const end = (): void => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end).setNoDelay();
    client.on('data', (chunk: Buffer) => {
      // A command's name is the first field of its message.
      if (names.some((name) => chunk.subarray(0, 64).includes(name)) && Math.random() < share) losing = true;
      mongod.write(chunk);
    });
    mongod.on('data', (chunk: Buffer) => {
      if (!losing) return void client.write(chunk);
      lost++;
      end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/?directConnection=true`,
    lost: () => lost,
    lose(commands, some) {
      names = commands.map((name) => Buffer.from(`${name}\0`));
      share = some;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await closed;
    },
  };
}

// The network between one client and the hub: it can be cut, go silent without a word, or stand still for a while.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Network {
  /** The hub, behind this network. */
  readonly url: string;
  /** Connections that are open at the moment. */
  readonly connections: number;
  /** Tears every connection; new ones are fine. */
  cut(): void;
  /** Every present connection goes silent: both sides keep it, and nothing arrives. New ones are fine. */
  strand(): void;
  /** What the hub says on present connections does not arrive; what it is told does. */
  muffle(): void;
  /** The hub gives its side of the silent connections up; their clients do not learn it. */
  abandon(): void;
  /** Nothing moves, on no connection, until `thaw`; then everything that was under way arrives. */
  freeze(): void;
  thaw(): void;
  /** New connections are torn at once, until `allow`. */
  forbid(): void;
  allow(): void;
  close(): Promise<void>;
}

/** @param target where the hub is; asked at each connection, for one that moves. */
export async function createNetwork(target: () => string): Promise<Network> {
  const pairs = new Set<{ sides: [Socket, Socket]; stranded: boolean; muffled: boolean }>();
  let frozen = false;
  let forbidden = false;

  const server = createServer((client) => {
    if (forbidden) return void client.destroy();
    const { hostname, port } = new URL(target());
    const hub = connect(Number(port), hostname);
    const pair = { sides: [client, hub] as [Socket, Socket], stranded: false, muffled: false };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      hub.destroy();
    };
    for (const [from, to] of [
      [client, hub],
      [hub, client],
    ] as const) {
      from.setNoDelay();
      if (frozen) from.pause();
      from.on('data', (chunk: Buffer) => {
        if (!pair.stranded && !(pair.muffled && to === client)) to.write(chunk);
      });
      from.on('error', () => {});
    }
    client.on('close', end);
    // Of a silent network one does not learn either that the other side has gone.
    hub.on('close', () => {
      if (!pair.stranded) end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function cut(): void {
    for (const { sides } of pairs) for (const side of sides) side.destroy();
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return pairs.size;
    },
    cut,
    strand() {
      for (const pair of pairs) pair.stranded = true;
    },
    muffle() {
      for (const pair of pairs) pair.muffled = true;
    },
    abandon() {
      for (const { sides, stranded } of pairs) if (stranded) sides[1].destroy();
    },
    freeze() {
      frozen = true;
      for (const { sides } of pairs) for (const side of sides) side.pause();
    },
    thaw() {
      frozen = false;
      for (const { sides } of pairs) for (const side of sides) side.resume();
    },
    forbid() {
      forbidden = true;
    },
    allow() {
      forbidden = false;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

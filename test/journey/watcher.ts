// A client that writes its whole history down: which events it was sent, under which rights and filter, from where to where.
import type { Filter, Item, Position, Role } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { io as connect } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { TestHub } from '../support/hub.js';
import { DEADLINE_MS } from '../sockets/wait.js';

/** What a token says of a person beside the name. */
export interface Rights {
  roles: Role[];
  teams: string[];
}

/** A stretch of a stream in which nothing about it changed: the client claims to have all of (start, end]. */
export interface Stretch extends Rights {
  filter: Filter | null;
  start: number;
  end: number;
  heard: { seq: number; event: string; data: unknown }[];
}

export type Kind = 'websocket' | 'polling' | 'bridge';

interface Line {
  ask(event: string, body: object): Promise<{ ok: boolean; position?: Position; scope?: string }>;
  close(): void;
}

interface Data {
  epoch: string;
  seq: number;
  scope: string;
  verdict: string;
  count: number;
}

export type Watcher = ReturnType<typeof createWatcher>;

/** Everything asked of one watcher is done in turn, and at the same time as what the others do. */
export function createWatcher(hub: TestHub, sub: string, kind: Kind, first: Rights) {
  const history: Stretch[] = [];
  let rights = first;
  let filter: Filter | null = null;
  let position: Required<Position> | null = null;
  let line: Line | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  /** Resolves with the next control event of the kind that is waited for. */
  let awaited: { event: string; resolve: () => void } | null = null;
  let replayed = 0;

  const present = (): Stretch => history.at(-1) as Stretch;
  const begin = (start: number): void => void history.push({ ...rights, filter, start, end: start, heard: [] });

  function hear(event: string, data: Data & Item, seq: number): void {
    if (event === 'ready') {
      const last = history.at(-1);
      const same = last && JSON.stringify([last.teams, last.filter]) === JSON.stringify([rights.teams, filter]);
      expect(data.verdict, `${sub} comes back`).to.equal(last ? (same ? 'resumed' : 'resync') : 'fresh');
      if (same) expect(data.seq).to.equal(position?.seq);
      begin(data.seq);
      replayed = 0;
      position = { epoch: data.epoch, seq: data.seq, scope: data.scope };
    } else if (event === 'caught_up' || event === 'head') {
      if (event === 'caught_up') expect(data.count, `${sub} was replayed`).to.equal(replayed);
      reached(data.seq);
    } else if (event === 'resync_required') {
      reached(seq);
      begin(seq);
      (position as Position).scope = data.scope;
    } else {
      present().heard.push({ seq, event, data });
      replayed++;
      reached(seq);
    }
    if (awaited?.event === event) awaited.resolve();
  }

  function reached(seq: number): void {
    present().end = seq;
    (position as Position).seq = seq;
  }

  function next(event: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${sub} never heard ${event}`)), DEADLINE_MS);
      awaited = {
        event,
        resolve: () => {
          clearTimeout(timer);
          awaited = null;
          resolve();
        },
      };
    });
  }

  async function open(): Promise<void> {
    if (line) return;
    const token = await hub.token(sub, rights);
    line = kind === 'bridge' ? openBridge(token) : openSocket(token);
  }

  function openSocket(token: string): Line {
    const socket = connect(`${hub.url}/workitems`, {
      auth: { token, position, filter },
      transports: [kind],
      forceNew: true,
      reconnection: false,
    });
    let open = true;
    socket.onAny((event: string, data: Data & Item, meta: { seq: number }) => {
      if (open) hear(event, data, meta.seq);
    });
    return {
      ask: (event, body) => socket.timeout(DEADLINE_MS).emitWithAck(event, body),
      close: () => {
        open = false;
        socket.close();
      },
    };
  }

  function openBridge(token: string): Line {
    const query = new URLSearchParams({ v: '2', token });
    if (position) query.set('since', `${position.epoch}:${position.seq}:${position.scope}`);
    if (filter) query.set('filter', JSON.stringify(filter));
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/ws/workitems?${query}`);
    let open = true;
    socket.on('error', () => {});
    socket.on('message', (message) => {
      const { event, data, seq } = JSON.parse((message as Buffer).toString());
      if (open) hear(event, data, seq);
    });
    return {
      ask: async () => ({ ok: false }),
      close: () => {
        open = false;
        socket.terminate();
      },
    };
  }

  function leave(): void {
    line?.close();
    line = null;
    awaited = null;
  }

  async function settle(): Promise<void> {
    leave();
    const caughtUp = next('caught_up');
    await open();
    await caughtUp;
  }

  const inTurn = (work: () => unknown): Promise<unknown> => {
    turn = turn.then(work);
    return turn;
  };

  return {
    sub,
    history,
    get rights() {
      return rights;
    },
    /** Opens a connection from the position, if there is none. */
    open: () => inTurn(open),
    leave: () => inTurn(leave),
    /** Comes back and waits until everything was replayed. */
    settle: () => inTurn(settle),
    /** Goes on with another filter, in place where that can be. */
    filterBy: (wanted: Filter | null) =>
      inTurn(async () => {
        if (kind === 'bridge') {
          leave();
          filter = wanted;
          return open();
        }
        await settle();
        const { position: from, scope } = await (line as Line).ask('set_filter', { filter: wanted });
        filter = wanted;
        const { seq } = from as Position;
        // An event of the new filter may have overtaken the answer.
        const late = present().heard.filter((one) => one.seq > seq);
        present().heard.splice(present().heard.length - late.length);
        present().end = seq;
        begin(seq);
        for (const one of late) {
          present().heard.push(one);
          present().end = one.seq;
        }
        position = { ...(position as Required<Position>), seq: present().end, scope: scope as string };
      }),
    /** Goes on with other teams, in place where that can be. */
    moveTo: (wanted: string[]) =>
      inTurn(async () => {
        // Teams open rooms to underwriters only.
        const teams = rights.roles.includes('underwriter') ? wanted : rights.teams;
        if (kind === 'bridge') {
          leave();
          rights = { ...rights, teams };
          return open();
        }
        await settle();
        const changes = JSON.stringify(teams) !== JSON.stringify(rights.teams);
        rights = { ...rights, teams };
        const told = changes ? next('resync_required') : Promise.resolve();
        await (line as Line).ask('refresh_token', { token: await hub.token(sub, rights) });
        await told;
      }),
  };
}

// A process that was stopped (SIGSTOP, a paused machine) and wakes with what it knew before: whoever lost their right
// meanwhile gets nothing from it.
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { io as connect, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { closeOf, listenRaw } from '../sockets/wait.js';
import { INTAKE_KEY, SECRET, startHub, type TestHub } from '../support/hub.js';
import { dataDirectory, type HubProcess, startHubProcess } from '../support/hub-process.js';

/** Longer than a process goes without reading revocations, and than the short token lives. */
const STOPPED_MS = 3_000;

describe('a process that was stopped', function () {
  this.timeout(60_000);
  let awake: TestHub;
  let sleeper: HubProcess;
  let url: string;
  let data: Awaited<ReturnType<typeof dataDirectory>>;
  before(async () => {
    [awake, data] = await Promise.all([startHub(), dataDirectory()]);
    sleeper = startHubProcess({
      JWT_SECRET: SECRET,
      INTAKE_API_KEYS: INTAKE_KEY,
      DATA_DIR: data.path,
      MONGODB_URL: awake.database.url,
      MONGODB_DATABASE: awake.database.name,
    });
    [, url = ''] = await sleeper.printed(/workitem-hub is up: (\S+)/);
  });
  after(async () => {
    sleeper.child.kill('SIGKILL');
    await sleeper.ended;
    await awake.close();
    await data.remove();
  });

  async function stream(token: string) {
    const client = new WebSocket(`${url.replace('http', 'ws')}/ws/workitems?v=2&token=${token}`);
    const closed = closeOf(client);
    const ear = listenRaw(client);
    await ear.named('caught_up');
    return { closed, ear };
  }
  const heard = (client: Socket, event: string) => new Promise((resolve) => client.once(event, resolve));
  function desk(token: string): Socket {
    return connect(`${url}/workitems`, {
      auth: { token },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
  }
  const ask = (token: string) => fetch(`${url}/api/workitems`, { headers: { authorization: `Bearer ${token}` } });

  it('lets nobody in who was revoked or whose token ended meanwhile, and sends them nothing', async () => {
    const root = await awake.token('root', { roles: ['admin'] });
    const [revoked, kept] = [await awake.token('mallory'), await awake.token('bob')];
    const [revokedStream, keptStream] = [await stream(revoked), await stream(kept)];
    const short = await stream(await awake.token('eve', { ttl: 2 }));
    expect((await ask(revoked)).status).to.equal(200);

    sleeper.child.kill('SIGSTOP');
    const slept = delay(STOPPED_MS);
    const { status } = await awake.call('POST', '/api/revocations', root, { sub: 'mallory' });
    expect(status).to.equal(200);
    const { submission_id: id } = await awake.item();
    // These lie with the operating system until the process wakes, and are the first that it sees then.
    const answers = [ask(revoked), ask(kept)];
    const knock = closeOf(new WebSocket(`${url.replace('http', 'ws')}/ws/workitems?v=2&token=${revoked}`));
    await slept;
    sleeper.child.kill('SIGCONT');

    expect((await Promise.all(answers)).map((answer) => answer.status)).to.deep.equal([401, 200]);
    expect((await knock).code).to.equal(4401);
    expect((await revokedStream.closed).code).to.equal(4401);
    expect((await short.closed).text).to.match(/^token_expired/);
    await keptStream.ear.until(({ event, data: item }) => event === 'new_workitem' && item.id === id);
    for (const { ear } of [revokedStream, short]) {
      expect(ear.heard.map(({ event }) => event)).not.to.include('new_workitem');
    }
  });

  it('does nothing of what somebody asked for who was revoked meanwhile', async () => {
    const root = await awake.token('root', { roles: ['admin'] });
    const { submission_id: id } = await awake.item();
    const [revoked, kept] = [desk(await awake.token('trudy')), desk(await awake.token('carol'))];
    try {
      await Promise.all([revoked, kept].map((client) => heard(client, 'caught_up')));
      sleeper.child.kill('SIGSTOP');
      const slept = delay(STOPPED_MS);
      await awake.call('POST', '/api/revocations', root, { sub: 'trudy' });
      const gone = heard(revoked, 'disconnect');
      let granted = false;
      revoked.emit('claim', { id }, ({ ok }: { ok: boolean }) => (granted ||= ok));
      await slept;
      sleeper.child.kill('SIGCONT');
      await gone;
      expect(granted).to.equal(false);
      // Behind everything that the process had been asked for.
      const answer = await kept.timeout(20_000).emitWithAck('claim', { id });
      expect(answer).to.deep.include({ ok: true });
      expect(answer.item.version).to.equal(2);
    } finally {
      revoked.close();
      kept.close();
    }
  });
});

import { expect } from 'chai';
import { WebSocket } from 'ws';
import { closeOf, listenRaw } from '../sockets/wait.js';
import { dataDirectory, startHubProcess } from '../support/hub-process.js';

describe('SIGTERM', () => {
  it('turns the hub unready, sends the sockets away with a delay to come back after, and ends it with 0', async function () {
    this.timeout(60_000);
    const data = await dataDirectory();
    const hub = startHubProcess({ DATA_DIR: data.path, DRAIN_SECONDS: '2' });
    const [, url = ''] = await hub.printed(/workitem-hub is up: (\S+)/);
    const [, token = ''] = await hub.printed(/Alice[^\n]*\n\s+\S+#token=(\S+)/);
    expect((await fetch(`${url}/readyz`)).status).to.equal(200);
    const client = new WebSocket(`${url.replace('http', 'ws')}/ws/workitems?v=2&token=${token}`);
    const ear = listenRaw(client);
    const closed = closeOf(client);
    await ear.named('caught_up');

    hub.child.kill('SIGTERM');
    const { data: draining } = await ear.named('draining');
    expect(draining.reconnect_after_ms).to.be.within(0, 2_000);
    const ready = await fetch(`${url}/readyz`).catch(() => null);
    if (ready) expect(ready.status).to.equal(503);
    expect((await closed).code).to.equal(1012);
    expect(await hub.ended).to.equal(0);
    await data.remove();
  });

  it('twice ends it at once', async function () {
    this.timeout(60_000);
    const data = await dataDirectory();
    const hub = startHubProcess({ DATA_DIR: data.path, DRAIN_SECONDS: '60', SHUTDOWN_SECONDS: '100' });
    const [, url = ''] = await hub.printed(/workitem-hub is up: (\S+)/);
    const [, token = ''] = await hub.printed(/Alice[^\n]*\n\s+\S+#token=(\S+)/);
    const client = new WebSocket(`${url.replace('http', 'ws')}/ws/workitems?v=2&token=${token}`);
    client.on('error', () => {});
    const ear = listenRaw(client);
    await ear.named('caught_up');
    hub.child.kill('SIGTERM');
    await ear.named('draining');
    hub.child.kill('SIGTERM');
    expect(await hub.ended).to.not.equal(0);
    client.terminate();
    await data.remove();
  });
});

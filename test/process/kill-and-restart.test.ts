import { expect } from 'chai';
import { WebSocket } from 'ws';
import { listenRaw } from '../sockets/wait.js';
import { dataDirectory, type HubProcess, startHubProcess } from '../support/hub-process.js';

/** What a stranger copies from the hub's first lines. */
async function readWelcome(hub: HubProcess) {
  const [, url = ''] = await hub.printed(/workitem-hub is up: (\S+)/);
  const [, key = ''] = await hub.printed(/Intake key: (\S+) \(header x-api-key\)/);
  const [, alice = ''] = await hub.printed(/Alice[^\n]*\n\s+\S+#token=(\S+)/);
  const [, bob = ''] = await hub.printed(/Bob[^\n]*\n\s+\S+#token=(\S+)/);
  return { url, key, alice, bob };
}

describe('a hub started with one line and killed with -9', () => {
  it('starts again on the same data, with the same key and tokens, and replays exactly what was missed', async function () {
    this.timeout(120_000);
    const data = await dataDirectory();
    let hub = startHubProcess({ DATA_DIR: data.path });
    try {
      const first = await readWelcome(hub);
      const post = async (url: string, to?: string): Promise<number> => {
        const response = await fetch(`${url}/api/test/workitem`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(to ? { assigned_to: to } : {}),
        });
        return ((await response.json()) as { submission_id: number }).submission_id;
      };
      const watch = (url: string, token: string, since = '') => {
        const client = new WebSocket(`${url.replace('http', 'ws')}/ws/workitems?v=2&token=${token}${since}`);
        client.on('error', () => {});
        return { client, ...listenRaw(client) };
      };

      const alice = watch(first.url, first.alice);
      const bob = watch(first.url, first.bob);
      await Promise.all([alice.named('caught_up'), bob.named('caught_up')]);
      const own = await post(first.url, 'alice');
      const seen = await post(first.url);
      await Promise.all([alice, bob].map((ear) => ear.until((h) => h.data.id === seen)));
      expect(alice.heard.filter((h) => h.event === 'new_workitem').map((h) => h.data.id)).to.deep.equal([own, seen]);
      expect(bob.heard.filter((h) => h.event === 'new_workitem').map((h) => h.data.id)).to.deep.equal([seen]);

      alice.client.terminate();
      const position = JSON.parse(alice.texts.at(-1) as string) as { epoch: string; seq: number };
      const missed = [await post(first.url, 'alice'), await post(first.url)];
      hub.child.kill('SIGKILL');
      await hub.ended;

      hub = startHubProcess({ DATA_DIR: data.path });
      const second = await readWelcome(hub);
      expect(second.key).to.equal(first.key);
      const again = watch(second.url, first.alice, `&since=${position.epoch}:${position.seq}`);
      await again.named('caught_up');
      expect(again.heard[0]?.data).to.include({ verdict: 'resumed' });
      expect(again.heard.filter((h) => h.event === 'new_workitem').map((h) => h.data.id)).to.deep.equal(missed);
      again.client.terminate();

      hub.child.kill('SIGTERM');
      expect(await hub.ended).to.equal(0);
    } finally {
      hub.child.kill('SIGKILL');
      await hub.ended;
      await data.remove();
    }
  });
});

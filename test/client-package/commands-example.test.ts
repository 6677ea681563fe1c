// The README's example of commands.
import { expect } from 'chai';
import { transform } from 'esbuild';
import { startHub, type TestHub } from '../support/hub.js';
import { example, plainProject, SLOW } from './projects.js';

describe("the README's example of commands", function () {
  this.timeout(SLOW);
  let hub: TestHub;

  before(async () => {
    hub = await startHub();
  });

  after(async () => {
    await hub.close();
  });

  it('takes an item and refers it, and says so when somebody was faster', async () => {
    const { submission_id: id } = await hub.item();
    const project = await plainProject();
    // What a screen would do: it waits until it is connected, and its person clicks.
    const clicks = `
const off = client.on('caught_up', async () => {
  off();
  await refer(${id}, 'Over my authority.');
  client.close();
});`;
    const script = async (name: string): Promise<string> => {
      const text = example('commands.ts')
        .replace('https://hub.example', hub.url)
        .replace('eyJ…', await hub.token(name));
      await project.write(`${name}.mjs`, (await transform(text, { loader: 'ts' })).code + clicks);
      return project.run('node', `${name}.mjs`);
    };
    expect(await script('alice')).to.equal('');
    const { body } = await hub.call('GET', `/api/workitems/${id}`, await hub.token('alice'));
    expect(body).to.include({ status: 'referred', assigned_to: 'alice' });
    expect(await script('bob')).to.match(/somebody was faster/);
  });
});

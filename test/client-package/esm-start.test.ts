// In an empty folder, with nothing but the tarball: the five lines of the README as an ES module.
import { expect } from 'chai';
import { startHub, type TestHub } from '../support/hub.js';
import { example, plainProject, SLOW } from './projects.js';

describe('the five lines of the README as an ES module', function () {
  this.timeout(SLOW);
  let hub: TestHub;

  before(async () => {
    hub = await startHub();
  });

  after(async () => {
    await hub.close();
  });

  it('show a live item of a running hub', async () => {
    const project = await plainProject();
    await project.write('start.mjs', example('start.mjs').replace('http://127.0.0.1:8000', hub.url));
    const script = project.start('start.mjs', { TOKEN: await hub.token('alice') });
    try {
      await script.printed(/^connected/m);
      const { submission_id } = await hub.item();
      const [line] = await script.printed(new RegExp(`^${submission_id} .+$`, 'm'));
      expect(line).to.match(/^\d+ \S/);
    } finally {
      await script.stop();
    }
  });
});

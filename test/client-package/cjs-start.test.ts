// In an empty folder, with nothing but the tarball: the five lines of the README in CommonJS.
import { expect } from 'chai';
import { startHub, type TestHub } from '../support/hub.js';
import { example, NO_REQUIRE_ESM, plainProject, SLOW } from './projects.js';

describe('the five lines of the README in CommonJS', function () {
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
    const code = example('start.mjs').replace('http://127.0.0.1:8000', hub.url);
    await project.write('start.cjs', code.replace(/^import (.+) from (.+);$/m, 'const $1 = require($2);'));
    const env = { TOKEN: await hub.token('alice'), NODE_OPTIONS: NO_REQUIRE_ESM };
    const script = project.start('start.cjs', env);
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

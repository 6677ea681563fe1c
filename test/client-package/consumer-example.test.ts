// The README's example of a service that works on every event, killed and started again.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { transform } from 'esbuild';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';
import { example, plainProject, type Project, SLOW } from './projects.js';

describe("the README's example of a consumer", function () {
  this.timeout(SLOW);
  let hub: TestHub;
  let project: Project;

  before(async () => {
    hub = await startHub();
    project = await plainProject();
    const { code } = await transform(example('consumer.ts').replace('http://127.0.0.1:8000', hub.url), {
      loader: 'ts',
    });
    await project.write('consumer.mjs', code);
  });

  after(async () => {
    await hub.close();
  });

  const log = (): string => {
    const file = path.join(project.path, 'events.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const lineOf = (id: number): string => `${id}:1 new_workitem ${id}\n`;

  it('works once on each event, also on those that came between its lives', async () => {
    const env = { TOKEN: await hub.token('alice') };
    const first = project.start('consumer.mjs', env);
    // Without a position it begins with the present, which must not be over when the first item is made.
    await until(() => hub.log.some((line) => line.includes('WebSocket connected')));
    const before = (await hub.item()).submission_id;
    await until(() => log() === lineOf(before));
    await first.stop();

    const between = (await hub.item()).submission_id;
    const second = project.start('consumer.mjs', env);
    await until(() => log() === lineOf(before) + lineOf(between));
    await second.stop();
    expect(log()).to.equal(lineOf(before) + lineOf(between));
  });
});

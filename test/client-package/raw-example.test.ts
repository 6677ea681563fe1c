// The README's example of the raw client, on a page without a bundler.
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { transform } from 'esbuild';
import { becomesTrue, type Browser, openPage, startChromium } from '../support/chromium.js';
import { startHub, type TestHub } from '../support/hub.js';
import { type PageServer, startPageServer } from './page.js';
import { example, plainProject, SLOW } from './projects.js';

describe("the README's example of the raw client, on a page without a bundler", function () {
  this.timeout(SLOW);
  let server: PageServer;
  let hub: TestHub;
  let browser: Browser;

  before(async () => {
    server = await startPageServer();
    hub = await startHub({ ALLOWED_ORIGINS: server.origin });
    browser = await startChromium();
  });

  after(async () => {
    await browser?.close();
    await hub?.close();
    await server?.close();
  });

  it('has the items that are there, and those that come, and lets go of those that leave', async () => {
    const project = await plainProject();
    const { code } = await transform(example('raw.ts').replace('https://hub.example', hub.url), { loader: 'ts' });
    const folder = path.join(project.path, 'page');
    await mkdir(folder, { recursive: true });
    await copyFile(
      path.join(project.path, 'node_modules/@workitem-hub/client/dist/esm/raw.js'),
      path.join(folder, 'raw.js'),
    );
    await project.write('page/index.html', '<!doctype html><p></p><script type="module" src="/page.js"></script>');
    // Beside it the page shows what it has, at each turn of the stream, for the test to wait for.
    const show = `
const show = () => { document.querySelector('p').textContent = client.state + ' ' + [...rows.keys()]; };
console.log = () => queueMicrotask(show);
for (const name of ['set', 'delete', 'clear']) {
  rows[name] = (...args) => {
    queueMicrotask(show);
    return Map.prototype[name].apply(rows, args);
  };
}`;
    await project.write('page/page.js', code.replace('@workitem-hub/client/raw', './raw.js') + show);
    const { submission_id: first } = await hub.item();
    server.serve(folder, hub.url, () => hub.token('alice'));

    const { page, console: lines } = await openPage(browser, `${server.origin}/`);
    const shows = (text: string): Promise<void> =>
      becomesTrue(page, `document.querySelector('p')?.textContent === ${JSON.stringify(text)}`);
    await shows(`connected ${first}`);
    const { submission_id: second } = await hub.item();
    await shows(`connected ${first},${second}`);
    await hub.call('POST', `/api/workitems/${first}/claim`, await hub.token('bob'));
    await shows(`connected ${second}`);
    expect(lines).to.deep.equal([]);
    await page.close();
  });
});

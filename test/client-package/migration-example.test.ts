// The README's page of the old service, after its migration.
import { expect } from 'chai';
import { build } from 'esbuild';
import { becomesTrue, type Browser, openPage, startChromium } from '../support/chromium.js';
import { startHub, type TestHub } from '../support/hub.js';
import { type PageServer, startPageServer } from './page.js';
import { example, plainProject, SLOW } from './projects.js';

/** What the page has already. */
const OWN = `
const showRows = (items) => { document.querySelector('p').textContent = items.map(({ id }) => id).join(); };
const showConnection = (name) => { document.title = name; };
`;

describe("the README's page of the old service, after its migration", function () {
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

  it('shows what is there and what comes, newest first', async () => {
    const project = await plainProject();
    // The old page was served by the hub itself; this one is not.
    const code = OWN + example('after.js').replace('location.origin', JSON.stringify(hub.url));
    await project.write('old/index.html', '<!doctype html><p></p><script type="module" src="/page.js"></script>');
    await build({
      stdin: { contents: code, resolveDir: project.path },
      bundle: true,
      format: 'esm',
      outfile: `${project.path}/old/page.js`,
    });
    const { submission_id: first } = await hub.item();
    server.serve(`${project.path}/old`, hub.url, () => hub.token('alice'));

    const { page, console: lines } = await openPage(browser, `${server.origin}/`);
    await becomesTrue(
      page,
      `document.title === 'connected' && document.querySelector('p')?.textContent === '${first}'`,
    );
    const { submission_id: second } = await hub.item();
    await becomesTrue(page, `document.querySelector('p').textContent === '${second},${first}'`);
    expect(lines).to.deep.equal([]);
    await page.close();
  });
});

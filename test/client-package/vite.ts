// The README's examples for a view library, as an application of Vite: type-checked, built, and shown in a real browser.
import path from 'node:path';
import { expect } from 'chai';
import { becomesTrue, type Browser, openPage, startChromium } from '../support/chromium.js';
import { startHub, type TestHub } from '../support/hub.js';
import { type PageServer, startPageServer } from './page.js';
import { example, fullProject, type Project, SLOW } from './projects.js';

export interface ViteApp {
  name: string;
  /** What `npm create vite` makes, by file name. */
  frame: Record<string, string>;
  /** Example of the README. */
  app: string;
  checker: string;
}

const COMPILER = {
  strict: true,
  noEmit: true,
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2022', 'dom', 'dom.iterable'],
  jsx: 'react-jsx',
  verbatimModuleSyntax: true,
  types: ['vite/client'],
  skipLibCheck: true,
};

/** What is true of the README's example for React is true of the one for Vue. */
export function describeViteApp({ name, frame, app, checker }: ViteApp): void {
  describe(`the README's example for ${name}, in a project of Vite`, function () {
    this.timeout(SLOW);
    let project: Project;
    let hub: TestHub;
    let server: PageServer;
    let browser: Browser;

    before(async () => {
      project = await fullProject();
      server = await startPageServer();
      hub = await startHub({ ALLOWED_ORIGINS: server.origin });
      browser = await startChromium();
      const files = {
        ...frame,
        'index.html': `<!doctype html><div id="app"></div><script type="module" src="/${Object.keys(frame).find((file) => file.startsWith('src/main'))}"></script>`,
        'src/hub.ts': example('src/hub.ts').replace('https://hub.example', hub.url),
        [app]: example(app),
        'tsconfig.json': JSON.stringify({ compilerOptions: COMPILER, include: ['src'] }),
      };
      for (const [file, text] of Object.entries(files)) await project.write(path.join(name, file), text);
    });

    after(async () => {
      await browser?.close();
      await hub?.close();
      await server?.close();
    });

    const bin = (program: string): string => path.join(project.path, 'node_modules', '.bin', program);

    it('keeps to the types', async () => {
      expect(await project.run(bin(checker), '-p', name)).to.equal('');
    });

    it('is built, and shows live items on top and the connection', async () => {
      await project.run(bin('vite'), 'build', name, '--logLevel', 'warn');
      server.serve(path.join(project.path, name, 'dist'), hub.url, () => hub.token('alice'));
      const { page, console: lines } = await openPage(browser, `${server.origin}/`);
      await becomesTrue(page, `document.querySelector('[role=status]')?.textContent === 'live'`);
      for (const count of [1, 2]) {
        await hub.item();
        await becomesTrue(page, `document.querySelectorAll('li').length === ${count}`);
      }
      const { body } = await hub.call<{ items: { subject: string }[] }>(
        'GET',
        '/api/workitems',
        await hub.token('alice'),
      );
      const shown = await page.evaluate<string[]>(`[...document.querySelectorAll('li')].map((row) => row.innerText)`);
      expect(shown.map((row, at) => row.startsWith(body.items[at]?.subject ?? '?'))).to.deep.equal([true, true]);

      await page.evaluate(`document.querySelector('li button').click()`);
      await becomesTrue(page, `document.querySelectorAll('li button').length === 1`);
      expect(lines).to.deep.equal([]);
      await page.close();
    });
  });
}

// How the desk is built: into dist/dashboard, from where the hub serves it, also below a path.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite';

/** Scripts that run at once, and nearly whole: browsers that know the hint compile them beside the main thread, as they come in. */
const AT_ONCE = ['hub', 'desk'];
const COMPILED_AHEAD = Buffer.from('//# allFunctionsCalledOnLoad\n');

/** Lays each script and style beside itself as the wire carries it: compressed once, and as far as it goes. */
function encoded(): Plugin {
  return {
    name: 'encoded',
    async writeBundle({ dir = '' }, bundle) {
      for (const file of Object.values(bundle)) {
        if (!/\.(?:js|css)$/.test(file.fileName)) continue;
        const place = path.join(dir, file.fileName);
        let text = Buffer.from(file.type === 'chunk' ? file.code : file.source);
        if (file.type === 'chunk' && AT_ONCE.includes(file.name)) {
          text = Buffer.concat([COMPILED_AHEAD, text]);
          await writeFile(place, text);
        }
        const size = { [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
        await writeFile(`${place}.br`, brotliCompressSync(text, { params: size }));
        await writeFile(`${place}.gz`, gzipSync(text, { level: 9 }));
      }
    },
  };
}

/** What the page's script asks for as soon as it runs is fetched beside it: the desk, with what that is made of. */
function fetchedBeside(): Plugin {
  return {
    name: 'fetched-beside',
    transformIndexHtml: {
      handler(_html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const desk = chunks.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith('/desk.tsx')));
        const entry = chunks.find(({ isEntry }) => isEntry);
        if (!desk || !entry) throw new Error('the desk is not a chunk of its own');
        const link = (attrs: Record<string, string>): HtmlTagDescriptor => ({ tag: 'link', attrs, injectTo: 'head' });
        if (entry.imports.includes(desk.fileName)) throw new Error('nothing connects before the desk is there');
        return [link({ rel: 'modulepreload', crossorigin: '', href: `./${desk.fileName}` })];
      },
    },
  };
}

/** Styles stand behind the page's outline, which is then painted without waiting for them; scripts wait for both. */
function outlineFirst(): Plugin {
  return {
    name: 'outline-first',
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        const styles = html.match(/<link rel="stylesheet"[^>]*>/g);
        if (!styles || !html.includes('<!-- styles -->')) throw new Error('index.html is not as it was');
        return html.replace(/\s*<link rel="stylesheet"[^>]*>/g, '').replace('<!-- styles -->', styles.join('\n    '));
      },
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [react(), fetchedBeside(), outlineFirst(), encoded()],
  build: {
    outDir: '../../dist/dashboard',
    emptyOutDir: true,
    // Browsers that the client takes, and `light-dark()` as it stands.
    target: ['chrome123', 'edge123', 'firefox124', 'safari17.5'],
    // No script and no picture inside of another file: the policy of the page forbids what is inline.
    assetsInlineLimit: 0,
    // One style sheet for all parts: that of a part is asked for only once, and a part that is had at a second try would come without it.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Three scripts: the page's own, which nothing else may ask for by its name, what connects it, and what draws it.
          groups: [
            {
              name: 'hub',
              test: /session\/(begin|desk-config)\.ts$|notices\/preferences\.ts$|vite\/preload-helper|rolldown\/runtime/,
              priority: 2,
            },
            { name: 'desk', test: /dashboard\/desk\.tsx$/, priority: 1 },
          ],
        },
      },
    },
    reportCompressedSize: false,
  },
});

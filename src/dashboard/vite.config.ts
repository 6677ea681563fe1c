// How the desk is built: into dist/dashboard, from where the hub serves it, also below a path.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Lays each script and style beside itself as the wire carries it: compressed once, and as far as it goes. */
function encoded(): Plugin {
  return {
    name: 'encoded',
    async writeBundle({ dir = '' }, bundle) {
      for (const file of Object.values(bundle)) {
        if (!/\.(?:js|css)$/.test(file.fileName)) continue;
        const text = Buffer.from(file.type === 'chunk' ? file.code : file.source);
        const place = path.join(dir, file.fileName);
        const size = { [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
        await writeFile(`${place}.br`, brotliCompressSync(text, { params: size }));
        await writeFile(`${place}.gz`, gzipSync(text, { level: 9 }));
      }
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
        const [style] = /<link rel="stylesheet"[^>]*>/.exec(html) ?? [];
        if (!style || !html.includes('<!-- styles -->')) throw new Error('index.html is not as it was');
        return html.replace(style, '').replace('<!-- styles -->', style);
      },
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [react(), outlineFirst(), encoded()],
  build: {
    outDir: '../../dist/dashboard',
    emptyOutDir: true,
    // Browsers that the client takes, and `light-dark()` as it stands.
    target: ['chrome123', 'edge123', 'firefox124', 'safari17.5'],
    // No script and no picture inside of another file: the policy of the page forbids what is inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

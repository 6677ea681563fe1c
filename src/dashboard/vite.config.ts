// How the desk is built: into dist/dashboard, from where the hub serves it, also below a path.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  plugins: [react()],
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

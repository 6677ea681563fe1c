// What the client adds to a page, as a bundler makes it: minified and gzipped.
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { build, stop } from 'esbuild';
import { plainProject, SLOW } from './projects.js';

/** Bytes of an application that uses everything of an entry. */
async function sizeOf(entry: string, external: string[] = []): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${entry}';`, resolveDir: (await plainProject()).path },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    external,
  });
  return gzipSync(outputFiles[0]?.contents ?? '').length;
}

describe('the size of the client', function () {
  this.timeout(SLOW);
  // It keeps a process for the next build.
  after(() => stop());

  it('is at most 20 kB without socket.io-client', async () => {
    expect(await sizeOf('@workitem-hub/client', ['socket.io-client'])).to.be.within(1, 20_000);
  });

  it('is less than 5 kB for the raw client, all of it', async () => {
    expect(await sizeOf('@workitem-hub/client/raw')).to.be.within(1, 4_999);
  });

  it('grows by less than 2 kB with React or Vue', async () => {
    const alone = await sizeOf('@workitem-hub/client', ['socket.io-client']);
    for (const view of ['react', 'vue']) {
      const both = `@workitem-hub/client'; export * as view from '@workitem-hub/client/${view}`;
      expect((await sizeOf(both, ['socket.io-client', view])) - alone).to.be.within(1, 1_999);
    }
  });

  it('is nearly nothing where only a constant is used', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { STATUSES } from '@workitem-hub/client'; console.log(STATUSES.length);`,
        resolveDir: (await plainProject()).path,
      },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
    });
    expect(outputFiles[0]?.contents.length).to.be.below(500);
  });
});

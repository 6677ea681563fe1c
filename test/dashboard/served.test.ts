// The desk's files as the hub serves them: assets for ever, the page anew each time, nothing inline, and no more than is loaded quickly.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliDecompressSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import request from 'supertest';
import { startHub, type TestHub } from '../support/hub.js';

const ASSETS = path.join(__dirname, '../../dist/dashboard/assets');
const MOST_BYTES = 180_000;
/** What few load: charts for supervisors, and the way to an identity provider and back. */
const APART: Record<string, number> = { monitor: 32_000, oidc: 19_000 };
/** What has to come before anything can be done, as browsers get it. */
const MOST_AT_FIRST = 145_000;
/** What of it comes before the hub is asked for anything. */
const MOST_TO_CONNECT = 36_000;

describe('the files of the desk', () => {
  let hub: TestHub;
  before(async () => {
    hub = await startHub();
  });
  after(() => hub.close());

  it('are kept by browsers where their names carry a hash, and the page never', async () => {
    const page = await fetch(`${hub.url}/`);
    expect(page.headers.get('cache-control')).to.equal('no-cache');
    const html = await page.text();
    const names = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map((match) => match[1]);
    expect(names).to.have.length.at.least(2);
    for (const name of names) {
      const { status, headers } = await fetch(`${hub.url}/${name}`);
      expect([status, headers.get('cache-control')]).to.deep.equal([200, 'public, max-age=31536000, immutable']);
    }
    // What the policy would refuse anyway, and addresses that would leave a path in front.
    expect(html).not.to.match(/<script(?![^>]* src=)|<style| style=| on\w+=|(?:src|href)="\//);
    expect(page.headers.get('content-security-policy')).to.not.contain('unsafe');
  });

  it('travel in the smallest encoding that is taken, and are the same in each', async () => {
    const html = await (await fetch(`${hub.url}/`)).text();
    const [script] = /assets\/desk-[\w-]+\.js/.exec(html) ?? [];
    const plain = await readFile(path.join(ASSETS, '..', script as string));
    const sizes: number[] = [];
    for (const [accepted, encoding] of [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, gzip;q=0.5', 'gzip'],
      ['identity', undefined],
    ] as const) {
      const { headers, body } = await request(hub.url)
        .get(`/${script}`)
        .set('Accept-Encoding', accepted)
        .buffer()
        .parse((res, done) => {
          const chunks: Buffer[] = [];
          res.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
        });
      expect(headers['content-encoding'], accepted).to.equal(encoding);
      expect(headers['content-type']).to.equal('text/javascript; charset=utf-8');
      expect(headers['cache-control']).to.equal('public, max-age=31536000, immutable');
      expect(headers.vary).to.contain('Accept-Encoding');
      sizes.push(Number(headers['content-length']));
      // What the test's client has not unpacked already.
      const bytes =
        encoding === 'br' && (body as Buffer).length < plain.length ? brotliDecompressSync(body as Buffer) : body;
      expect(Buffer.compare(bytes as Buffer, plain), accepted).to.equal(0);
    }
    expect(sizes[0]).to.be.below(sizes[1] as number);
    expect((await fetch(`${hub.url}/assets/index-gone.js`)).status).to.equal(404);
  });

  it('come side by side before anything can be done, and what connects is not kept waiting by what draws', async () => {
    const html = await (await fetch(`${hub.url}/`)).text();
    // The page names all of them: none waits for another to ask for it.
    const names = [...html.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.js)"/g)].map((match) => match[1] as string);
    const sizes: Record<string, number> = {};
    for (const name of names)
      sizes[name.split('-')[0] as string] = (await readFile(path.join(ASSETS, `${name}.gz`))).length;
    expect(sizes).to.have.all.keys('index', 'rolldown', 'hub', 'desk');
    expect(Object.values(sizes).reduce((sum, size) => sum + size, 0)).to.be.below(MOST_AT_FIRST);
    const connecting = sizes as { index: number; rolldown: number; hub: number };
    expect(connecting.index + connecting.rolldown + connecting.hub).to.be.below(MOST_TO_CONNECT);
    for (const name of names.filter((one) => !one.startsWith('desk-'))) {
      const code = await readFile(path.join(ASSETS, name), 'utf8');
      expect(code, name).not.to.match(/(?:from|import)\s*["']\.\/desk-/);
    }
  });

  it('are at most 180 kB of script, gzipped, for all that an underwriter does', async () => {
    const sizes: Record<string, number> = {};
    for (const name of await readdir(ASSETS)) {
      if (!name.endsWith('.js')) continue;
      const bytes = gzipSync(await readFile(path.join(ASSETS, name)), { level: 9 }).length;
      const part = Object.keys(APART).find((one) => name.startsWith(`${one}-`)) ?? 'desk';
      sizes[part] = (sizes[part] ?? 0) + bytes;
    }
    expect(sizes).to.have.all.keys('desk', ...Object.keys(APART));
    for (const [part, bytes] of Object.entries(sizes)) expect(bytes, part).to.be.below(APART[part] ?? MOST_BYTES);
  });
});

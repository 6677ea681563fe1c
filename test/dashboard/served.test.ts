// The desk's files as the hub serves them: assets for ever, the page anew each time, nothing inline, and no more than is loaded quickly.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { startHub, type TestHub } from '../support/hub.js';

const ASSETS = path.join(__dirname, '../../dist/dashboard/assets');
const MOST_BYTES = 180_000;

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

  it('are at most 180 kB of script, gzipped', async () => {
    const scripts = (await readdir(ASSETS)).filter((name) => name.endsWith('.js'));
    let bytes = 0;
    for (const name of scripts) bytes += gzipSync(await readFile(path.join(ASSETS, name)), { level: 9 }).length;
    expect(bytes).to.be.within(1, MOST_BYTES);
  });
});

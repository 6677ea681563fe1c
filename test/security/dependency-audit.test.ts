// The audit of CI against a registry of its own: real findings fail, a registry without audits is let pass and said so.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';

const SCRIPT = fileURLToPath(new URL('../../.ci/audit.mjs', import.meta.url));
const hole = (severity: string) => ({
  id: 1,
  url: 'https://advisories.example/1',
  title: 'A hole',
  severity,
  vulnerable_versions: '>=0.0.0',
  cwe: [],
  cvss: { score: 9, vectorString: null },
});

describe('the audit of dependencies', function () {
  this.timeout(60_000);
  let registry: Server;
  let status = 200;
  let holes: object = {};
  /** Of its own: npm keeps what it learns of a hole. */
  let cache: string;
  let asked: Record<string, string[]> = {};
  beforeEach(async () => {
    cache = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-audit-'));
  });
  afterEach(() => rm(cache, { recursive: true, force: true }));
  before(async () => {
    registry = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const name = decodeURIComponent((req.url ?? '/').slice(1));
        const packument = { name, versions: { '8.0.0': { name, version: '8.0.0' } }, 'dist-tags': {} };
        if (req.method === 'POST') {
          const body = Buffer.concat(chunks);
          const json = req.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
          asked = JSON.parse(json.toString()) as typeof asked;
        }
        const answer = req.method === 'GET' ? packument : holes;
        res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
    registry.listen(0, '127.0.0.1');
    await once(registry, 'listening');
  });
  after(() => {
    registry.closeAllConnections();
    registry.close();
  });

  const audit = (answers: { status?: number; holes?: object }): Promise<{ code: number; said: string }> => {
    ({ status = 200, holes = {} } = answers);
    const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
    return new Promise((resolve) => {
      const done = (error: Error | null, said: string): void =>
        resolve({ code: error ? Number((error as NodeJS.ErrnoException).code) : 0, said });
      execFile(process.execPath, [SCRIPT, '--registry', url, '--fetch-retries', '0', '--cache', cache], done);
    });
  };

  it('passes when nothing is known of anything that is shipped', async () => {
    expect(await audit({})).to.deep.equal({ code: 0, said: 'No known hole of severity high or critical.\n' });
    expect(asked).to.include.keys('express', 'socket.io', 'ws', 'mongoose').and.not.to.include.keys('mocha');
  });

  for (const severity of ['high', 'critical']) {
    it(`fails on a hole of severity ${severity}, and names it`, async () => {
      const { code, said } = await audit({ holes: { ws: [hole(severity)] } });
      expect(code).to.equal(1);
      expect(said).to.contain(`${severity}: ws `);
    });
  }

  it('passes on lesser ones', async () => {
    expect((await audit({ holes: { ws: [hole('moderate')] } })).code).to.equal(0);
  });

  it('says so and passes where the registry has no audits', async () => {
    const { code, said } = await audit({ status: 405 });
    expect([code, said]).to.deep.equal([0, 'No audit available here: the registry answers 405 to it.\n']);
  });

  it('fails when the registry fails', async () => {
    expect((await audit({ status: 500 })).code).to.equal(1);
  });
});

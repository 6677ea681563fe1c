// Bodies that are small on the wire and large, deep or many inside: refused or read, and others are served meanwhile.
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { INTAKE_KEY, startHub, type TestHub } from '../support/hub.js';

const MIB = 1024 * 1024;
const nested = (text: string, times: number): string => {
  let value: unknown = text;
  for (let i = 0; i < times; i++) value = { contentType: 'html', content: JSON.stringify(value) };
  return JSON.stringify(value);
};
const base64 = (text: string, times: number): string => {
  let value = text;
  for (let i = 0; i < times; i++) value = Buffer.from(value).toString('base64');
  return value;
};
const many = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join();

const BOMBS: Record<string, { body: () => string; statuses: number[] }> = {
  'a million fields': { body: () => `{"subject":"x",${many(100_000, (i) => `"k${i}":1`)}}`, statuses: [400] },
  'fields that differ in nothing': { body: () => `{${many(100_000, () => '"subject":"x"')}}`, statuses: [200] },
  'fields that look alike': {
    body: () => `{"subject":"x",${many(4_000, (i) => `"SUB${'_'.repeat(i % 60)}JECT":"x"`)}}`,
    statuses: [200],
  },
  'fields like numbers': {
    body: () => `{"subject":"x",${many(4_900, (i) => `"${4_294_967_295 - i}":1`)}}`,
    statuses: [200],
  },
  'a list of lists': { body: () => `[${many(200_000, () => '[]')}]`, statuses: [413] },
  'a list of nothing': { body: () => `[{"subject":"x"},${many(500_000, () => 'null')}]`, statuses: [413] },
  'mails in wrappers in wrappers': {
    body: () => `[${many(20, (i) => `{"value":[{"body":[{"message":{"subject":"s${i}","id":"b${i}"}}]}]}`)}]`,
    statuses: [200],
  },
  'wrappers in wrappers, every one of them': {
    body: () => {
      let inner = '1';
      for (let i = 0; i < 5; i++) {
        inner = `{${['value', 'body', 'data', 'items', 'result'].map((name) => `"${name}":${inner}`).join()}}`;
      }
      return inner;
    },
    statuses: [400],
  },
  '10,000 levels in a text': {
    body: () => JSON.stringify({ body: '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000) }),
    statuses: [400],
  },
  'a number of a million digits': { body: () => `{"subject":"x","id":${'9'.repeat(MIB)}}`, statuses: [200, 400] },
  '49 attachments of nothing': {
    body: () => `{"subject":"x","attachments":[${many(49, () => '{"name":"x"}')}]}`,
    statuses: [200],
  },
  '100,000 attachments': {
    body: () => `{"subject":"x","attachments":[${many(100_000, () => '{}')}]}`,
    statuses: [413],
  },
  'an attached mail in an attached mail': {
    body: () => `{"subject":"x","attachments":[${'{"item":'.repeat(55)}{}${'}'.repeat(55)}]}`,
    statuses: [200],
  },
  'base64 in base64': {
    body: () => JSON.stringify({ subject: 'x', body: base64('a text '.repeat(20_000), 8) }),
    statuses: [200],
  },
  'JSON in JSON': {
    body: () => JSON.stringify({ subject: 'x', body: nested('<p>text</p>', 8) }),
    statuses: [200, 400],
  },
  'a million recipients': {
    body: () => `{"subject":"x","to":${JSON.stringify('a@b.example;'.repeat(100_000))}}`,
    statuses: [200],
  },
  'tags in tags': {
    body: () => JSON.stringify({ subject: 'x', body: `<html>${'<div>'.repeat(400_000)}` }),
    statuses: [200],
  },
};

describe('a bomb', function () {
  this.timeout(60_000);
  let hub: TestHub;
  before(async () => {
    hub = await startHub();
  });
  after(() => hub.close());

  const post = (body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
    fetch(`${hub.url}/api/email/intake`, { method: 'POST', headers: { 'x-api-key': INTAKE_KEY, ...headers }, body });

  for (const [what, { body, statuses }] of Object.entries(BOMBS)) {
    it(`hurts nobody: ${what}`, async () => {
      const text = body();
      const [answer, health] = await Promise.all([post(text), fetch(`${hub.url}/health`)]);
      expect(answer.status, `${text.length} bytes: ${await answer.text()}`).to.be.oneOf(statuses);
      expect(health.status).to.equal(200);
    });
  }

  const COMPRESSED: [string, (bytes: Buffer) => Uint8Array<ArrayBuffer>][] = [
    ['gzip', (bytes) => new Uint8Array(gzipSync(bytes))],
    ['deflate', (bytes) => new Uint8Array(deflateSync(bytes))],
    ['br', (bytes) => new Uint8Array(brotliCompressSync(bytes))],
  ];
  for (const [encoding, compress] of COMPRESSED) {
    it(`is refused at the size that it becomes: ${encoding}`, async () => {
      const bomb = compress(Buffer.alloc(30 * MIB, 0x20));
      expect(bomb.length).to.be.below(MIB / 10);
      const before = process.memoryUsage.rss();
      // Side by side they share one room, and each gives back what it took.
      const answers = await Promise.all(Array.from({ length: 4 }, () => post(bomb, { 'content-encoding': encoding })));
      for (const { status } of answers) expect(status).to.be.oneOf([413, 503]);
      expect(process.memoryUsage.rss() - before).to.be.below(500 * MIB);
      const token = await hub.token('alice');
      const command = await fetch(`${hub.url}/api/workitems/1/claim`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-encoding': encoding },
        body: bomb,
      });
      expect(command.status).to.equal(413);
      expect((await post(compress(Buffer.from('{"subject":"x"}')), { 'content-encoding': encoding })).status).to.equal(
        200,
      );
    });
  }

  it('is refused when it is wrapped twice', async () => {
    const bomb = new Uint8Array(gzipSync(gzipSync(Buffer.alloc(30 * MIB))));
    for (const encoding of ['gzip, gzip', 'gzip,gzip', 'gzip;q=1', 'zstd', '__proto__', 'constructor']) {
      expect((await post(bomb, { 'content-encoding': encoding })).status, encoding).to.equal(400);
    }
    expect((await post(bomb, { 'content-encoding': 'gzip' })).status).to.equal(400);
  });
});

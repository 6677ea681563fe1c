// Bytes to a JSON value: what JSON.parse alone would let through.
import { expect } from 'chai';
import fc from 'fast-check';
import { HubError } from '../../src/errors.js';
import { parseJson } from '../../src/http/json.js';

const refusalOf = (bytes: Uint8Array): string => {
  try {
    parseJson(bytes);
  } catch (error) {
    if (error instanceof HubError && error.code === 'invalid') return error.message;
    throw error;
  }
  throw new Error('was not refused');
};
const nested = (levels: number): Buffer => Buffer.from('['.repeat(levels) + ']'.repeat(levels));

describe('JSON of a body', () => {
  it('reads every JSON value that is not too deep', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), (text) => {
        expect(parseJson(Buffer.from(text))).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it('skips a byte order mark', () => {
    expect(parseJson(Buffer.from('\uFEFF{"a":1}'))).to.deep.equal({ a: 1 });
  });

  it('allows 64 levels and no more', () => {
    expect(parseJson(nested(64))).to.be.an('array');
    expect(refusalOf(nested(65))).to.contain('64 levels');
    expect(refusalOf(nested(1_000_000))).to.contain('64 levels');
  });

  it('does not count brackets inside of strings', () => {
    for (const text of ['['.repeat(100), `\\"${'{'.repeat(100)}`, `${'['.repeat(100)}\\\\`, '\\\\\\"[['.repeat(50)]) {
      expect(parseJson(Buffer.from(`["${text}"]`))).to.have.length(1);
    }
  });

  it('refuses what is not UTF-8', () => {
    expect(refusalOf(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).to.contain('UTF-8');
    expect(refusalOf(Buffer.from('{"a":1}', 'utf16le'))).to.match(/JSON|UTF-8/);
  });

  it('refuses broken JSON without quoting it', () => {
    for (const text of ['{"secret": "abc', 'secret', '{"secret":1}}', '"secret', "{'secret':1}"]) {
      expect(refusalOf(Buffer.from(text))).to.equal('The body is not JSON.');
    }
  });
});

// The query of the raw WebSocket: what is known is read, everything else is refused.
import { expect } from 'chai';
import { parseBridgeQuery } from '../../src/bridge/query.js';
import { HubError } from '../../src/errors.js';

const parse = (query: string) => parseBridgeQuery(new URLSearchParams(query));

describe('parseBridgeQuery', () => {
  it('takes no query for the old format', () => {
    const legacy = { version: 1, position: null, filter: null, clientId: null };
    expect(parse('')).to.deep.equal(legacy);
    expect(parse('v=1&token=abc')).to.deep.equal(legacy);
  });

  it('reads position, filter and client of v=2', () => {
    const filter = encodeURIComponent('{"status":["pending"],"assigned":"me"}');
    expect(parse(`v=2&since=ab12:17:s1&filter=${filter}&client_id=desk-1`)).to.deep.equal({
      version: 2,
      position: { epoch: 'ab12', seq: 17, scope: 's1' },
      filter: { status: ['pending'], assigned: 'me' },
      clientId: 'desk-1',
    });
    expect(parse('v=2&since=ab12:0').position).to.deep.equal({ epoch: 'ab12', seq: 0 });
  });

  for (const query of [
    'v=3',
    'v=',
    'v=2&v=1',
    'foo=1',
    '__proto__=1',
    'since=e:1',
    'client_id=a',
    'v=2&since=e',
    'v=2&since=:1',
    'v=2&since=e:-1',
    'v=2&since=e:1.5',
    'v=2&since=e:1e3',
    'v=2&since=e:9999999999999999',
    'v=2&since=e:1:s:x',
    'v=2&since=e:1:',
    'v=2&filter=',
    'v=2&filter={',
    'v=2&filter=[]',
    'v=2&filter={"nope":1}',
    'v=2&filter={"status":["lost"]}',
    'v=2&filter={"status":{"$gt":""}}',
    'v=2&client_id=a%20b',
    `v=2&client_id=${'x'.repeat(65)}`,
  ]) {
    it(`refuses ${query.slice(0, 40)}`, () => {
      expect(() => parse(query))
        .to.throw(HubError)
        .with.property('code', 'invalid');
    });
  }
});

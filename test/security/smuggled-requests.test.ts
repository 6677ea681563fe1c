// Requests whose end two servers could see in different places: refused, and what follows is not taken for a request.
import { expect } from 'chai';
import { startHub, type TestHub } from '../support/hub.js';
import { exchange, statusesOf } from './raw-http.js';

const SMUGGLED = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
const post = (...headers: string[]): string =>
  `POST /api/email/intake HTTP/1.1\r\nHost: x\r\n${headers.join('\r\n')}\r\n\r\n`;
const CHUNKS = `0\r\n\r\n${SMUGGLED}`;

const REQUESTS: Record<string, string> = {
  'a length and chunks': post('Content-Length: 4', 'Transfer-Encoding: chunked') + CHUNKS,
  'chunks and a length': post('Transfer-Encoding: chunked', 'Content-Length: 4') + CHUNKS,
  'two lengths': post('Content-Length: 0', `Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
  'a list of lengths': post(`Content-Length: 0, ${SMUGGLED.length}`) + SMUGGLED,
  'a length with a sign': post('Content-Length: +0') + SMUGGLED,
  'a length in hexadecimal': post('Content-Length: 0x0') + SMUGGLED,
  'a negative length': post('Content-Length: -1') + SMUGGLED,
  'a length beyond all': post('Content-Length: 99999999999999999999999') + SMUGGLED,
  'an unknown transfer encoding': post('Transfer-Encoding: xchunked') + CHUNKS,
  'a transfer encoding behind chunks': post('Transfer-Encoding: chunked, identity') + CHUNKS,
  'transfer encodings twice': post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity') + CHUNKS,
  'a blank before the colon': post('Transfer-Encoding : chunked') + CHUNKS,
  'a folded header': post('Transfer-Encoding:', ' chunked', 'Content-Length: 4') + CHUNKS,
  'a vertical tab in a header': post('Transfer-Encoding: \u000bchunked') + CHUNKS,
  'lines without a return': `POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n${CHUNKS}`,
  'a return alone': `POST / HTTP/1.1\r\nHost: x\rTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
  'a line end in a header': `GET / HTTP/1.1\r\nHost: x\r\nA: b\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
  'a chunk that is longer than a number': `${post('Transfer-Encoding: chunked')}fffffffffffffffff\r\n${SMUGGLED}`,
  'a chunk in decimal with a sign': `${post('Transfer-Encoding: chunked')}-1\r\n${SMUGGLED}`,
  'a header without a name': post(': x', 'Transfer-Encoding: chunked', 'Content-Length: 3') + CHUNKS,
  'a request line of HTTP/1.2': `GET / HTTP/1.2\r\nHost: x\r\n\r\n${SMUGGLED}`,
  'a request line with two blanks': `GET / x HTTP/1.1\r\nHost: x\r\n\r\n${SMUGGLED}`,
};

describe('a request within a request', () => {
  let hub: TestHub;
  before(async () => {
    hub = await startHub();
  });
  after(() => hub.close());

  for (const [what, text] of Object.entries(REQUESTS)) {
    it(`is none: ${what}`, async () => {
      const heard = await exchange(hub.url, text);
      const statuses = statusesOf(heard);
      expect(statuses.length, heard).to.be.within(1, 2);
      // The first is refused; a second one is the refusal of bytes that are no HTTP.
      for (const status of statuses) expect(status, heard).to.be.within(400, 499);
      expect(heard).not.to.contain('healthy');
    });
  }

  it('is one when it is only the next: pipelines work', async () => {
    const heard = await exchange(hub.url, `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n${SMUGGLED}`);
    expect(statusesOf(heard)).to.deep.equal([200, 200]);
  });

  it('cannot follow an upgrade that was refused', async () => {
    for (const path of ['/nowhere', '/ws/workitems', '/socket.io/?EIO=4&transport=websocket']) {
      const upgrade = `GET ${path} HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
      const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
      const heard = await exchange(hub.url, `${upgrade}${key}\r\n${SMUGGLED}`);
      expect(statusesOf(heard)).to.deep.equal([path === '/nowhere' ? 404 : 403]);
    }
  });
});

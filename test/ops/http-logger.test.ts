// The line that each request leaves, and the id that ties it to the answer.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createLogger, httpLogger } from '../../src/ops/logger.js';

interface Line {
  level: number;
  msg: string;
  req: { id: string; method: string; url: string; agent: string };
  res: { status: number | null };
  responseTime: number;
}

describe('request log', () => {
  const lines: Line[] = [];
  let text = '';
  let written = () => {};
  const log = httpLogger(
    createLogger(
      { LOG_LEVEL: 'debug', production: true },
      {
        write(line: string) {
          lines.push(JSON.parse(line) as Line);
          text = line;
          written();
        },
      },
    ),
  );
  const server = createServer((req, res) => {
    log(req, res);
    res.statusCode = req.url === '/broken' ? 503 : 200;
    res.setHeader('set-cookie', 'sesame');
    res.end('{}');
  });
  let url: string;

  before(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close().closeAllConnections());
  beforeEach(() => {
    lines.length = 0;
  });

  const call = async (path: string, headers: Record<string, string> = {}) => {
    const line = new Promise<void>((resolve) => {
      written = resolve;
    });
    const response = await fetch(url + path, { headers });
    await line;
    return response;
  };

  it('says who asked for what, how it ended and how long it took', async () => {
    await call('/api/workitems?limit=5', { 'user-agent': 'desk' });
    expect(lines[0]).to.include({ level: 30, msg: 'request answered' });
    expect(lines[0]?.req).to.include({ method: 'GET', url: '/api/workitems?limit=5', agent: 'desk' });
    expect(lines[0]?.res).to.deep.equal({ status: 200 });
    expect(lines[0]?.responseTime).to.be.a('number');
    expect(text.split('"req":'), 'the request once').to.have.length(2);
  });

  it('holds no credential of the request or the answer', async () => {
    await call('/ws?token=sesame', {
      authorization: 'Bearer sesame',
      'x-api-key': 'sesame',
      cookie: 'sesame',
      'idempotency-key': 'sesame',
      'sec-websocket-protocol': 'workitems, bearer.sesame',
    });
    expect(JSON.stringify(lines)).not.to.include('sesame');
  });

  it('takes over a well-formed request id and replaces any other', async () => {
    const taken = await call('/', { 'x-request-id': 'logic-app.08585_1' });
    expect(taken.headers.get('x-request-id')).to.equal('logic-app.08585_1');
    expect(lines[0]?.req.id).to.equal('logic-app.08585_1');
    const replaced = await call('/', { 'x-request-id': 'a b' });
    expect(replaced.headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
    const tooLong = await call('/', { 'x-request-id': 'a'.repeat(129) });
    expect(tooLong.headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
  });

  it('is quiet about probes and loud about failures', async () => {
    await fetch(`${url}/readyz`);
    await call('/broken');
    expect(lines.map(({ level, res }) => [level, res.status])).to.deep.equal([[50, 503]]);
  });
});

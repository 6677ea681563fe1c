// The log of real requests holds no token, no key and nothing of a mail, whatever became of them.
import { expect } from 'chai';
import { type Api, INTAKE_KEY, openApi } from './api.js';

describe('the log of requests', () => {
  let api: Api;
  before(async () => {
    api = await openApi();
  });
  after(() => api.close());

  it('holds no token, key or text of a mail', async () => {
    const token = await api.token('alice', ['admin', 'underwriter']);
    const mail = { id: 'm', subject: 'SUBJECT-SECRET', from: 'sender-secret@x.example', body: 'BODY-SECRET' };
    await api.mail(mail);
    await api.mail({ ...mail, body: { 'BODY-SECRET': 1 }, attachments: 'BODY-SECRET' });
    await api.mail('{"BODY-SECRET"');
    await api.mail(mail, { 'x-api-key': `${INTAKE_KEY}x` });
    await api.mail(mail, { 'idempotency-key': 'é' });
    await api.call('GET', '/api/workitems', { token });
    await api.call('GET', `/api/workitems?token=${token}`, { token });
    await api.call('GET', '/api/workitems', { token: `${token}x` });
    await api.call('POST', '/api/workitems/1/claim', { token, body: '{"BODY-SECRET"' });
    await api.call('POST', '/api/revocations', { token, body: { sub: 'x', 'BODY-SECRET': 1 } });
    await api.call('GET', '/metrics', { token });

    const log = api.log.join('');
    expect(log.match(/"request answered"/g)).to.have.length.greaterThan(8);
    const [head, payload, signature] = token.split('.') as [string, string, string];
    for (const secret of [token, payload, signature, INTAKE_KEY, 'BODY-SECRET', 'SUBJECT-SECRET', 'sender-secret']) {
      expect(log, secret).not.to.contain(secret);
    }
    expect(log).not.to.contain(`${head}.`);
  });
});

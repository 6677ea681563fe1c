// Mails over HTTP: who may post them, what the answers are, and that each is stored once.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Receipt } from '../../src/intake/receive-email.js';
import { submissions } from '../../src/workitems/submission.js';
import { failCommand } from '../support/mongo.js';
import { type Api, expectRefusal, openApi } from './api.js';

/** Bodies as connectors post them. */
const SAMPLES = fileURLToPath(new URL('../intake/samples/', import.meta.url));

const mailOf = (id: string, more: object = {}) => ({
  id,
  subject: `Mail ${id}`,
  from: 'broker@example.com',
  body: 'Dear all',
  ...more,
});

describe('intake over HTTP', () => {
  let api: Api;
  before(async () => {
    api = await openApi({ INTAKE_MAX_ATTACHMENTS: '2', INTAKE_MAX_MB: '1' });
  });
  after(() => api.close());

  const stored = (filter: object) => submissions.of(api.database.mongo).countDocuments(filter);
  const post = (body: unknown, headers?: Record<string, string>) => api.mail<Receipt>(body, headers);

  it('answers with the ids of what it stored', async () => {
    const { status, body } = await post(mailOf('first'));
    expect(status).to.equal(200);
    expect(body).to.have.all.keys('submission_ref', 'submission_id', 'status', 'message');
    expect(body.submission_ref).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(body.submission_id).to.be.a('number');
    expect(body.status).to.equal('success');
    const item = await api.call('GET', `/api/workitems/${body.submission_id}`, { token: await api.token('alice') });
    expect(item.body).to.include({ subject: 'Mail first', submission_ref: body.submission_ref, status: 'pending' });
  });

  it('answers a mail that came before with the ids of the first', async () => {
    const first = await post(mailOf('twice'));
    const second = await post(mailOf('twice'));
    expect(second.status).to.equal(200);
    expect(second.body).to.deep.include({
      status: 'duplicate',
      submission_ref: first.body.submission_ref,
      submission_id: first.body.submission_id,
    });
  });

  it('stores a mail once that is posted many times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(mailOf('at once'))));
    expect(answers.map(({ status }) => status)).to.deep.equal(Array(8).fill(200));
    expect(new Set(answers.map(({ body }) => body.submission_ref)).size).to.equal(1);
    expect(answers.filter(({ body }) => body.status === 'success')).to.have.length(1);
    expect(await stored({ subject: 'Mail at once' })).to.equal(1);
  });

  it('stores a mail once that is posted again before a slow database has answered', async () => {
    const slow = await failCommand(api.database.mongo, {
      commands: ['insert'],
      collection: 'submissions',
      delayMs: 200,
    });
    const first = post(mailOf('slow'));
    await slow.struck();
    const second = await post(mailOf('slow'));
    expect(second.body).to.include({ status: 'duplicate', submission_id: (await first).body.submission_id });
    expect(await stored({ subject: 'Mail slow' })).to.equal(1);
  });

  it('refuses another mail under an Idempotency-Key that was used', async () => {
    const headers = { 'idempotency-key': 'run 1' };
    const first = await post(mailOf('a'), headers);
    expect((await post(mailOf('a'), headers)).body).to.include({ status: 'duplicate' });
    const other = await post(mailOf('b'), headers);
    expectRefusal(other, 409, 'conflict');
    expect(other.body.error?.details).to.deep.equal({
      submission_id: first.body.submission_id,
      submission_ref: first.body.submission_ref,
    });
    expect(await stored({ subject: 'Mail b' })).to.equal(0);
  });

  it('refuses an Idempotency-Key that is none', async () => {
    for (const key of ['', 'x'.repeat(256), 'clé']) {
      expectRefusal(await post(mailOf('key'), { 'idempotency-key': key }), 400, 'invalid', key);
    }
  });

  for (const sample of readdirSync(SAMPLES).filter((name) => name.endsWith('.request.json'))) {
    it(`takes the body ${sample.replace('.request.json', '')}`, async () => {
      const { status, body } = await post(readFileSync(`${SAMPLES}${sample}`));
      expect(status).to.equal(200);
      expect(body.status).to.equal('success');
    });
  }

  describe('of an envelope', () => {
    interface Several {
      results: (Receipt & { error?: { code: string } })[];
    }

    it('answers for each message in its place', async () => {
      const { status, body } = await api.mail<Several>({ value: [mailOf('e1'), { junk: true }, mailOf('e2')] });
      expect(status).to.equal(200);
      expect(body.results.map((one) => one.status ?? one.error?.code)).to.deep.equal(['success', 'invalid', 'success']);
      expect(body.results[2]?.submission_id).to.be.greaterThan(body.results[0]?.submission_id as number);
    });

    it('answers as for one when it holds one', async () => {
      expect((await post({ value: [mailOf('alone')] })).body).to.include({ status: 'success' });
    });

    it('is refused when all of it is, and says why each', async () => {
      expectRefusal(await post({ value: [{ junk: 1 }, { junk: 2 }] }), 400, 'invalid');
      const files = { attachments: Array(3).fill({ name: 'a.txt', contentBytes: 'YQ==' }) };
      const answer = await api.mail<Several>([{ subject: 1 }, mailOf('files', files)]);
      expectRefusal(answer, 400, 'invalid');
      expect(answer.body.results.map(({ error }) => error?.code)).to.deep.equal(['invalid', 'too_large']);
    });

    it('is to be repeated whole when the database went away in the middle of it', async () => {
      const second = mailOf('m2', { attachments: [{ name: 'a.txt', contentBytes: 'YQ==' }] });
      const envelope = { value: [mailOf('m1'), second] };
      const { mongo } = api.database;
      const away = await failCommand(mongo, { commands: ['insert'], collection: 'attachments.chunks', errorCode: 50 });
      expectRefusal(await api.mail(envelope), 503, 'unavailable');
      await away.off();
      const { body } = await api.mail<Several>(envelope);
      expect(body.results.map(({ status }) => status)).to.deep.equal(['duplicate', 'success']);
    });

    it('can be repeated', async () => {
      const envelope = { value: [mailOf('r1'), mailOf('r2')] };
      const first = await api.mail<Several>(envelope, { 'idempotency-key': 'envelope' });
      const second = await api.mail<Several>(envelope, { 'idempotency-key': 'envelope' });
      expect(second.body.results.map((one) => [one.status, one.submission_id])).to.deep.equal(
        first.body.results.map((one) => ['duplicate', one.submission_id]),
      );
    });
  });

  it('is for callers with an intake key or role', async () => {
    const path = '/api/email/intake';
    const call = (headers: Record<string, string>) => api.call('POST', path, { body: mailOf('who'), headers });
    const keyless = await call({});
    expectRefusal(keyless, 401, 'unauthenticated');
    expect(JSON.stringify(keyless.body)).to.contain('x-api-key');
    expectRefusal(await call({ 'x-api-key': 'wrong' }), 401, 'unauthenticated');
    const underwriter = await api.call('POST', path, { token: await api.token('alice'), body: mailOf('who') });
    expectRefusal(underwriter, 403, 'forbidden');
    const mailer = await api.call('POST', path, { token: await api.token('mailer', ['intake']), body: mailOf('who') });
    expect(mailer.status).to.equal(200);
  });

  it('refuses who may not before it reads what they send', async () => {
    const answer = await api.call('POST', '/api/email/intake', {
      headers: { 'x-api-key': 'wrong', 'content-encoding': 'nonsense' },
      body: '{',
    });
    expectRefusal(answer, 401, 'unauthenticated');
  });

  it('refuses too many attachments and too large bodies', async () => {
    const attachments = ['a', 'b', 'c'].map((name) => ({ name, contentBytes: 'YQ==' }));
    expectRefusal(await post(mailOf('many', { attachments })), 413, 'too_large');
    expectRefusal(await post(mailOf('large', { body: 'x'.repeat(1024 * 1024) })), 413, 'too_large');
  });

  it('takes a limited number of mails from one caller', async () => {
    const limited = await openApi({ LIMIT_INTAKE_PER_MINUTE: '2' });
    await limited.mail(mailOf('l1'));
    await limited.mail(mailOf('l2'));
    const refused = await limited.mail(mailOf('l3'));
    expectRefusal(refused, 429, 'rate_limited');
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 60);
    await limited.close();
  });

  it('asks for a repeat when the database is away', async () => {
    const { mongo } = api.database;
    const away = await failCommand(mongo, { commands: ['insert'], collection: 'attachments.chunks', errorCode: 50 });
    const mail = mailOf('away', { attachments: [{ name: 'a.txt', contentBytes: 'YQ==' }] });
    const refused = await post(mail);
    expectRefusal(refused, 503, 'unavailable');
    expect(refused.headers.get('retry-after')).to.match(/^\d+$/);
    await away.off();
    expect((await post(mail)).body).to.include({ status: 'success' });
    expect(await stored({ subject: 'Mail away' })).to.equal(1);
  });
});

// Mails over HTTP, as they were received: lists, texts, attachments, and the confirmation of the old service.
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { Evidence } from '../../src/intake/evidence.js';
import type { Submission } from '../../src/workitems/submission-reader.js';
import { type Api, expectRefusal, openApi } from './api.js';

const pdf = Buffer.from('%PDF-1.7 terms\u0000\u00ff', 'latin1');
const page = Buffer.from('<script>alert(1)</script>');
const file = (name: string, contentType: string, content: Buffer) => ({
  name,
  contentType,
  contentBytes: content.toString('base64'),
});

describe('submissions over HTTP', () => {
  let api: Api;
  let alice: string;
  let ref: string;
  before(async () => {
    api = await openApi();
    alice = await api.token('alice');
    const { body } = await api.mail<{ submission_ref: string }>({
      id: 'mail-1',
      subject: 'Terms for Harbourside',
      from: 'imogen@broker.example.com',
      receivedDateTime: '2025-08-28T09:41:17+00:00',
      body: 'Dear all',
      attachments: [
        file('Prüfung "final".pdf', 'application/pdf', pdf),
        file('../../etc/passwd', 'text/html; charset=utf-8', page),
        file('empty.txt', 'text/plain', Buffer.alloc(0)),
      ],
    });
    ref = body.submission_ref;
  });
  after(() => api.close());

  const attachment = (id: string, headers = {}, method = 'GET') =>
    fetch(`${api.url}/api/submissions/${ref}/attachments/${id}`, {
      method,
      headers: { authorization: `Bearer ${alice}`, ...headers },
    });

  it('shows one with its text and what is attached', async () => {
    const { status, body } = await api.call<Submission>('GET', `/api/submissions/${ref}`, { token: alice });
    expect(status).to.equal(200);
    expect(body).to.have.all.keys(
      'submission_ref',
      'submission_id',
      'work_item_id',
      'subject',
      'from_email',
      'from_name',
      'received_at',
      'created_at',
      'body_text',
      'extracted_fields',
      'evidence',
      'attachments',
    );
    expect(body).to.include({ submission_ref: ref, subject: 'Terms for Harbourside', body_text: 'Dear all' });
    expect(body.received_at).to.equal('2025-08-28T09:41:17.000Z');
    expect(body.attachments[0]).to.have.all.keys('id', 'name', 'content_type', 'size', 'sha256');
    expect(body.attachments[0]).to.include({
      size: pdf.length,
      sha256: createHash('sha256').update(pdf).digest('hex'),
    });
  });

  it('lists by pages', async () => {
    const { submission_ref: newer } = (
      await api.mail<{ submission_ref: string }>({ id: 'm-2', subject: 'Newer', from: 'a@b.example' })
    ).body;
    const list = async (query: string) =>
      (await api.call<{ items: Submission[] }>('GET', `/api/submissions?${query}`, { token: alice })).body.items;
    expect((await list('limit=1')).map((one) => one.submission_ref)).to.deep.equal([newer]);
    expect((await list('skip=1&limit=1')).map((one) => one.submission_ref)).to.deep.equal([ref]);
    expectRefusal(await api.call('GET', '/api/submissions?skip=-1', { token: alice }), 400, 'invalid');
  });

  it('tells the name that stood beside the address', async () => {
    const from = 'Jo Mercer <jo.mercer@example.com>';
    const sent = await api.mail<{ submission_ref: string }>({ id: 'm-named', subject: 'Named', from });
    const { body } = await api.call<Submission>('GET', `/api/submissions/${sent.body.submission_ref}`, {
      token: alice,
    });
    expect(body).to.include({ from_name: 'Jo Mercer', from_email: 'jo.mercer@example.com' });
  });

  it('shows where in the text its fields stand', async () => {
    const text = 'Dear all,\n\nInsured: Tarn Mill Ltd\nLimit: £2m\n';
    const { submission_ref: said } = (
      await api.mail<{ submission_ref: string }>({ id: 'm-e', subject: 'Cyber', from: 'a@b.example', body: text })
    ).body;
    const { body } = await api.call<Submission & { evidence: Evidence }>('GET', `/api/submissions/${said}`, {
      token: alice,
    });
    expect(body.extracted_fields).to.include({ insured_name: 'Tarn Mill Ltd', coverage_amount: '£2,000,000' });
    const start = body.body_text.indexOf('Tarn');
    expect(body.evidence).to.deep.equal({
      insured_name: { in: 'body_text', start, end: start + 13, quote: 'Tarn Mill Ltd' },
      policy_type: { in: 'subject', start: 0, end: 5, quote: 'Cyber' },
      coverage_amount: { in: 'body_text', start: start + 21, end: start + 24, quote: '£2m' },
    });
  });

  it('hands attachments out as files that nothing runs', async () => {
    const response = await attachment('1');
    expect(response.status).to.equal(200);
    expect(Buffer.from(await response.arrayBuffer()).equals(pdf)).to.equal(true);
    expect(response.headers.get('content-type')).to.equal('application/pdf');
    expect(response.headers.get('content-disposition')).to.match(/^attachment;.*filename\*=UTF-8''Pr%C3%BCfung/);
    expect(response.headers.get('x-content-type-options')).to.equal('nosniff');
    expect(response.headers.get('content-security-policy')).to.contain('sandbox');
    expect(response.headers.get('cache-control')).to.equal('private, no-cache');
  });

  it('gives a type that a browser would run out as bytes, under a name without a path', async () => {
    const response = await attachment('2');
    expect(response.headers.get('content-type')).to.equal('application/octet-stream');
    expect(response.headers.get('content-disposition')).to.contain('passwd').and.not.contain('/');
    expect(await response.text()).to.equal(String(page));
  });

  it('hands an empty file out', async () => {
    const response = await attachment('3');
    expect([response.status, await response.text()]).to.deep.equal([200, '']);
  });

  it('does not send again what the caller has', async () => {
    const etag = (await attachment('1')).headers.get('etag') as string;
    const response = await attachment('1', { 'if-none-match': etag });
    expect([response.status, await response.text()]).to.deep.equal([304, '']);
  });

  it('answers HEAD with the size', async () => {
    const response = await attachment('1', {}, 'HEAD');
    expect(response.headers.get('content-length')).to.equal(String(pdf.length));
    expect(await response.text()).to.equal('');
  });

  it('breaks the download off when the file is gone, and goes on serving', async () => {
    const { submission_ref: lost } = (
      await api.mail<{ submission_ref: string }>({
        id: 'm-3',
        subject: 'Lost',
        from: 'a@b.example',
        attachments: [file('a.pdf', 'application/pdf', pdf)],
      })
    ).body;
    await api.database.mongo.db.collection('attachments.files').deleteMany({ 'metadata.ref': lost });
    const outcome = await fetch(`${api.url}/api/submissions/${lost}/attachments/1`, {
      headers: { authorization: `Bearer ${alice}` },
    })
      .then((response) => response.arrayBuffer())
      .catch(() => 'broken off');
    expect(outcome).to.equal('broken off');
    expect((await attachment('1')).status).to.equal(200);
  });

  it('is nothing to those who do not see its work item', async () => {
    const bob = await api.token('bob');
    await api.call('POST', `/api/submissions/confirm/${ref}`, { token: alice });
    for (const path of [ref, `${ref}/attachments/1`]) {
      expectRefusal(await api.call('GET', `/api/submissions/${path}`, { token: bob }), 404, 'not_found');
    }
    expectRefusal(await api.call('GET', `/api/submissions/${ref}/attachments/9`, { token: alice }), 404, 'not_found');
    expectRefusal(await api.call('GET', '/api/submissions/not-a-ref', { token: alice }), 400, 'invalid');
  });

  it('is confirmed as with the old service', async () => {
    const item = await api.item();
    const path = `/api/submissions/confirm/${item.submission_ref}`;
    const { status, body } = await api.call('POST', path, { token: alice });
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      submission_id: item.id,
      submission_ref: item.submission_ref,
      work_item_id: item.id,
      assigned_to: 'alice',
      task_status: 'in_progress',
    });
  });

  it('is confirmed by a supervisor for somebody else', async () => {
    const boss = await api.token('boss', ['supervisor']);
    const path = `/api/submissions/confirm/${(await api.item()).submission_ref}`;
    const { body } = await api.call('POST', path, { token: boss, body: { underwriter_email: 'Alice@hub.example' } });
    expect(body.assigned_to).to.equal('alice');
    const unknown = await api.call('POST', path, { token: boss, body: { underwriter_email: 'nobody@hub.example' } });
    expectRefusal(unknown, 400, 'invalid');
  });
});

// Script that somebody mails: what the hub hands out of it is never run, whatever asks for it.
import { expect } from 'chai';
import { startHub, type TestHub } from '../support/hub.js';

const SCRIPT = '<script>alert(document.domain)</script>';
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${SCRIPT}</svg>`;
const FILES: [name: string, contentType: string, content: string][] = [
  ['page.html', 'text/html', SCRIPT],
  ['page.html', 'text/html; charset=utf-16', SCRIPT],
  ['page.xhtml', 'application/xhtml+xml', SCRIPT],
  ['picture.svg', 'image/svg+xml', SVG],
  ['data.xml', 'text/xml', `<?xml-stylesheet href="x.xsl"?>${SVG}`],
  ['code.js', 'text/javascript', 'alert(1)'],
  ['style.css', 'text/css', '@import "x"'],
  ['mail.mht', 'multipart/related', SCRIPT],
  ['note.txt', 'text/plain', SCRIPT],
  ['note.txt', 'text/html,text/plain', SCRIPT],
  ['note.txt', 'TEXT/HTML', SCRIPT],
  ['note.txt', 'text/plain\r\nContent-Type: text/html', SCRIPT],
  ['note.txt', 'text/plain; x=\r\n\r\n<script>', SCRIPT],
  ['movie.swf', 'application/x-shockwave-flash', 'FWS'],
  ['paper.pdf', 'application/pdf', `%PDF-1.4 ${SCRIPT}`],
  ['none', '', SCRIPT],
];
const NAMES: Record<string, string> = {
  '../../etc/passwd': '.._.._etc_passwd',
  '..\\..\\windows\\system.ini': '.._.._windows_system.ini',
  'a\r\nSet-Cookie: x=1.pdf': 'a Set-Cookie: x=1.pdf',
  'a"; filename="b.exe': 'a"; filename="b.exe',
  'quote"and\\slash.pdf': 'quote"and_slash.pdf',
  'nul\u0000byte.pdf': 'nulbyte.pdf',
  'Angebot für Müller – 2 €.pdf': 'Angebot für Müller – 2 €.pdf',
  'invoice\u202Efdp.exe': 'invoicefdp.exe',
  'invoice\u2067fdp.exe\u2069': 'invoicefdp.exe',
  '%0d%0aX-Evil: 1': '%0d%0aX-Evil: 1',
  '%2e%2e%2fup.pdf': '.._up.pdf',
  '=?utf-8?Q?=0D=0ALocation:_/evil?=': 'Location: _evil',
  '<img src=x onerror=alert(1)>.png': '<img src=x onerror=alert(1)>.png',
};

describe('script in a mail', () => {
  let hub: TestHub;
  let token: string;
  before(async () => {
    hub = await startHub({ INTAKE_MAX_ATTACHMENTS: '0' });
    token = await hub.token('alice');
  });
  after(() => hub.close());

  /** Posts a mail with files; gives what is told of each, and each as it is handed out. */
  async function files(attachments: object[]) {
    const { submission_ref: ref } = await hub.mail({ id: Math.random().toString(), subject: SCRIPT, attachments });
    const { body } = await hub.call<{ attachments: { id: string; name: string }[] }>(
      'GET',
      `/api/submissions/${ref}`,
      token,
    );
    return Promise.all(
      body.attachments.map(async ({ id, name }) => {
        const path = `/api/submissions/${ref}/attachments/${id}`;
        return { name, answer: await fetch(hub.url + path, { headers: { authorization: `Bearer ${token}` } }) };
      }),
    );
  }
  const bytes = (text: string): string => Buffer.from(text).toString('base64');

  it('is handed out as a file of a type that runs nothing, for saving, in a sandbox', async () => {
    const made = await files(
      FILES.map(([name, contentType, content]) => ({ name, contentType, contentBytes: bytes(content) })),
    );
    expect(made).to.have.length(FILES.length);
    for (const [index, { answer }] of made.entries()) {
      const [name, declared, content] = FILES[index] as (typeof FILES)[0];
      const { headers } = answer;
      expect(answer.status).to.equal(200);
      expect(await answer.text()).to.equal(content);
      expect(headers.get('content-type'), declared).to.be.oneOf([
        'application/octet-stream',
        'application/pdf',
        'text/plain; charset=utf-8',
      ]);
      expect(headers.get('content-disposition'), name).to.match(/^attachment; filename=/);
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('content-security-policy')).to.equal("default-src 'none'; sandbox");
      expect(headers.get('cache-control')).to.equal('private, no-cache');
      expect(headers.get('set-cookie')).to.equal(null);
    }
  });

  it('is in no name: no path, no line end, no turned text', async () => {
    const made = await files(Object.keys(NAMES).map((name) => ({ name, contentBytes: bytes('x') })));
    expect(made.map(({ name }) => name)).to.deep.equal(Object.values(NAMES));
    for (const { name, answer } of made) {
      const { headers } = answer;
      for (const injected of ['set-cookie', 'x-evil', 'location']) expect(headers.get(injected), name).to.equal(null);
      const disposition = headers.get('content-disposition') ?? '';
      expect(disposition, name).to.match(/^attachment; filename=/);
      // The name as it is stands in the form that knows no quotes.
      const star = /filename\*=UTF-8''([^;]+)$/.exec(disposition)?.[1];
      const plain = /filename="((?:[^"\\]|\\.)*)"|filename=([\w.-]+)/.exec(disposition);
      const shown = star ? decodeURIComponent(star) : (plain?.[1] ?? plain?.[2] ?? '').replaceAll(/\\(.)/g, '$1');
      expect(shown, disposition).to.equal(name);
    }
  });

  it('is text in answers: JSON that no browser takes for a page', async () => {
    const html = `<html><body onload="alert(1)">Insured: Acme${SCRIPT}<img src=x onerror=alert(2)></body></html>`;
    const { submission_ref: ref, submission_id: id } = await hub.mail({
      id: 'html',
      subject: SCRIPT,
      from: `"${SCRIPT}" <a@b.example>`,
      body: { contentType: 'html', content: html },
    });
    for (const path of [`/api/submissions/${ref}`, `/api/workitems/${id}`, '/api/workitems', '/api/submissions']) {
      const answer = await fetch(hub.url + path, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.headers.get('content-type')).to.equal('application/json; charset=utf-8');
      expect(answer.headers.get('x-content-type-options')).to.equal('nosniff');
      expect(answer.headers.get('content-security-policy')).to.match(/default-src 'self'/);
      // The mail as it was written is handed out by nothing.
      expect(await answer.text()).not.to.contain('onload');
    }
    const { body } = await hub.call<{ body_text: string }>('GET', `/api/submissions/${ref}`, token);
    expect(body.body_text).to.equal('Insured: Acme');
  });

  it('does not come back from an address that was made up', async () => {
    for (const path of [`/${SCRIPT}`, `/api/workitems/${SCRIPT}`, `/api/workitems?${SCRIPT}=1`, `/api/${SCRIPT}`]) {
      const answer = await fetch(hub.url + path, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.headers.get('content-type')).to.match(/^application\/json/);
      expect(answer.headers.get('x-content-type-options')).to.equal('nosniff');
    }
  });
});

// Bodies and subjects that were encoded on their way are decoded; those that only look so are left alone.
import { expect } from 'chai';
import { parseOne } from './message.js';

const text = 'Insured: Café Zürich Ltd\r\nLimit: £2,000,000\r\n';
const clean = 'Insured: Café Zürich Ltd\nLimit: £2,000,000';
const bodyOf = (body: unknown, more: object = {}) => parseOne({ subject: 'x', body, ...more }).bodyText;

describe('encodings', () => {
  it('base64', () => expect(bodyOf(Buffer.from(text).toString('base64'))).to.equal(clean));
  it('base64 in lines', () => {
    const lines = Buffer.from(text).toString('base64').replace(/.{20}/g, '$&\r\n');
    expect(bodyOf(lines)).to.equal(clean);
  });
  it('base64 of Windows-1252', () => expect(bodyOf(Buffer.from(text, 'latin1').toString('base64'))).to.equal(clean));
  it('base64 of HTML', () => {
    expect(bodyOf(Buffer.from('<p>Hello <b>there</b></p>').toString('base64'))).to.equal('Hello there');
  });
  it('bytes of Logic Apps', () => {
    expect(bodyOf({ '$content-type': 'text/plain', $content: Buffer.from(text).toString('base64') })).to.equal(clean);
  });
  it('URL encoding', () => {
    expect(bodyOf(encodeURIComponent(text))).to.equal(clean);
    expect(bodyOf('Please+quote%2C+thanks')).to.equal('Please quote, thanks');
  });
  it('encoded words in subjects', () => {
    expect(parseOne({ subject: '=?UTF-8?B?WsO8cmljaA==?= =?utf-8?q?_x=3D1?=', from: 'a@b.example' }).subject).to.equal(
      'Zürich x=1',
    );
  });
  it('leaves alone what only looks encoded', () => {
    for (const plain of ['Thanks', 'Approved', 'internationalisation', '100% of it', 'AAAAAAAAAAAAAAAAAAAA', '5%20']) {
      const body = plain === '5%20' ? '5' : plain;
      expect(bodyOf(plain), plain).to.equal(body);
    }
  });
  it('removes what turns or hides the words of a subject and of names', () => {
    const shown = (subject: string) => parseOne({ subject, from: 'a@b.example' }).subject;
    expect(shown('A\u202eB\u2066C\u2069 \u200bD\u200dE')).to.equal('ABC DE');
    expect(shown('\u200b\u202e\ufeff \u3164')).to.equal('');
    for (const meant of ['👩\u200d💻 می\u200cخواهم', '❤️\u200d🔥', 'ക്\u200dഷ']) expect(shown(meant)).to.equal(meant);
    expect(parseOne({ subject: 'x', from: 'Al\u202eice <a\u200b@b.example>' }).from).to.deep.equal({
      address: 'a@b.example',
      name: 'Alice',
    });
    expect(parseOne({ subject: 'x', body: 'Insured: A\u2067cme Ltd' }).bodyText).to.equal('Insured: Acme Ltd');
  });
  it('removes control characters and repairs broken surrogates', () => {
    const { subject, bodyText } = parseOne({ subject: 'a\u0000b\ud800c', body: 'x\u0000y\udc00z\u0007' });
    expect(subject).to.equal('ab\ufffdc');
    expect(bodyText).to.equal('xy\ufffdz');
  });
});

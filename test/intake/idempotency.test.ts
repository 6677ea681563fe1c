// The same mail has the same key however often and by whom it is posted; another mail has another.
import { expect } from 'chai';
import fc from 'fast-check';
import { digestOf, idempotencyOf, keyOf } from '../../src/intake/idempotency.js';
import { message } from './message.js';

const by = { header: null, caller: 'key-1', index: 0 };

describe('idempotency', () => {
  it('goes by the first identity that exists', () => {
    const mail = message({ internetMessageId: '1@x.example', messageId: 'AAMk' });
    expect(idempotencyOf(mail, { ...by, header: 'h' })).to.deep.equal({
      kind: 'idempotency_key',
      caller: 'key-1',
      value: 'h',
      index: 0,
    });
    expect(idempotencyOf(mail, by)).to.include({ kind: 'internet_message_id', value: '1@x.example' });
    expect(idempotencyOf({ ...mail, internetMessageId: null }, by)).to.include({ kind: 'message_id', value: 'AAMk' });
    const bare = { ...mail, internetMessageId: null, messageId: null };
    expect(idempotencyOf(bare, by)).to.include({ kind: 'content', value: digestOf(bare) });
  });

  it('counts the caller, and not the place, for a mailbox’s id', () => {
    const mail = message({ internetMessageId: null, messageId: '1' });
    const key = (delivery: object) => keyOf(idempotencyOf(mail, { ...by, ...delivery }));
    expect(key({ caller: 'key-2' })).not.to.equal(key({}));
    expect(key({ index: 3 })).to.equal(key({}));
  });

  it('counts caller and place for a header, and neither for a Message-ID', () => {
    const mail = message({ internetMessageId: '1@x.example' });
    const key = (delivery: object) => keyOf(idempotencyOf(mail, { ...by, ...delivery }));
    expect(key({ caller: 'key-2', index: 3 })).to.equal(key({}));
    expect(key({ header: 'h', caller: 'key-2' })).not.to.equal(key({ header: 'h' }));
    expect(key({ header: 'h', index: 1 })).not.to.equal(key({ header: 'h' }));
    expect(key({ header: 'h' })).to.equal(key({ header: 'h' }));
  });

  it('keeps keys short and apart', () => {
    const value = fc.string({ minLength: 1, maxLength: 400 });
    const kind = fc.constantFrom('internet_message_id' as const, 'message_id' as const, 'idempotency_key' as const);
    const delivery = fc.record({ kind, value, caller: fc.string(), index: fc.nat(9) });
    const identityOf = (d: { kind: string; value: string; caller: string; index: number }) =>
      idempotencyOf(
        message({
          internetMessageId: d.kind === 'internet_message_id' ? d.value : null,
          messageId: d.kind === 'message_id' ? d.value : null,
        }),
        { header: d.kind === 'idempotency_key' ? d.value : null, caller: d.caller, index: d.index },
      );
    fc.assert(
      fc.property(delivery, delivery, (a, b) => {
        const key = keyOf(identityOf(a));
        expect(key.length).to.be.at.most(300);
        expect(key).to.equal(keyOf(identityOf({ ...a })));
        const same =
          a.kind === b.kind &&
          a.value === b.value &&
          (a.kind === 'internet_message_id' || a.caller === b.caller) &&
          (a.kind !== 'idempotency_key' || a.index === b.index);
        expect(key === keyOf(identityOf(b))).to.equal(same);
      }),
    );
  });

  it('the digest tells mails apart by sender, subject, date, text and attachments, and by nothing else', () => {
    const file = { name: 'a.pdf', contentType: 'application/pdf', content: Buffer.from('x') };
    const mail = message({ attachments: [file] });
    const digest = digestOf(mail);
    for (const same of [
      { internetMessageId: 'y' },
      { messageId: 'z' },
      { bodyHtml: '<p>' },
      { to: [] },
      { from: { ...mail.from, address: 'JANE@broker.example.com' } },
    ]) {
      expect(digestOf({ ...mail, ...same })).to.equal(digest);
    }
    const OTHERS = [
      { subject: 'x' },
      { from: { address: 'b@x.example', name: null } },
      { receivedAt: null },
      { bodyText: 'x' },
      { attachments: [] },
      { attachments: [file, file] },
      { attachments: [{ ...file, content: Buffer.from('y') }] },
    ];
    const digests = OTHERS.map((other) => digestOf({ ...mail, ...other }));
    expect(new Set([digest, ...digests]).size).to.equal(OTHERS.length + 1);
  });
});

// Senders come in many forms; each gives the same address and name.
import { expect } from 'chai';
import { HubError } from '../../src/errors.js';
import { readMailbox, readMailboxes } from '../../src/intake/mailbox.js';

const jane = { address: 'jane@broker.example.com', name: 'Jane Roe' };
const FORMS: [unknown, { address: string | null; name: string | null }][] = [
  ['jane@broker.example.com', { ...jane, name: null }],
  ['<jane@broker.example.com>', { ...jane, name: null }],
  ['mailto:jane@broker.example.com', { ...jane, name: null }],
  ['Jane Roe <jane@broker.example.com>', jane],
  ['"Jane Roe" <jane@broker.example.com>', jane],
  ['Jane Roe (jane@broker.example.com)', jane],
  ['"Roe, Jane" <jane@broker.example.com>', { ...jane, name: 'Roe, Jane' }],
  ['=?utf-8?Q?J=C3=B6rg_Brandt?= <jane@broker.example.com>', { ...jane, name: 'Jörg Brandt' }],
  ['Jane%20Roe%20%3Cjane%40broker.example.com%3E', jane],
  [{ emailAddress: { address: jane.address, name: jane.name } }, jane],
  [{ EmailAddress: { Address: jane.address, Name: jane.name } }, jane],
  [{ address: jane.address, name: jane.name }, jane],
  [{ email: jane.address, displayName: jane.name }, jane],
  [{ address: 'Jane Roe <jane@broker.example.com>' }, jane],
  [[null, { address: jane.address, name: jane.name }], jane],
  ['/O=EXCHANGELABS/OU=EXCHANGE/CN=JANE', { address: null, name: '/O=EXCHANGELABS/OU=EXCHANGE/CN=JANE' }],
  ['', { address: null, name: null }],
  [null, { address: null, name: null }],
  [{}, { address: null, name: null }],
];

describe('mailboxes', () => {
  for (const [form, expected] of FORMS) {
    it(JSON.stringify(form), () => expect(readMailbox(form, 'from')).to.deep.equal(expected));
  }

  it('refuses what is neither text nor object', () => {
    expect(() => readMailbox(7, 'from')).to.throw(HubError, 'from must be an address');
    expect(() => readMailbox({ address: 7 }, 'from')).to.throw(HubError, 'from.address must be text');
  });

  it('reads lists of recipients as text and as objects, and skips what is none', () => {
    expect(readMailboxes('a@x.example; Bob <b@x.example>').map((m) => m.address)).to.deep.equal([
      'a@x.example',
      'b@x.example',
    ]);
    expect(readMailboxes([{ emailAddress: { address: 'a@x.example' } }, 5, null]).map((m) => m.address)).to.deep.equal([
      'a@x.example',
    ]);
    expect(readMailboxes(null)).to.deep.equal([]);
  });
});

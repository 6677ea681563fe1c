// Mails of several countries give the fields that a careful reader finds in them.
import { expect } from 'chai';
import { extractFields } from '../../src/intake/fields.js';
import { MAIL_CASES } from './cases/mails.js';
import { parseOne } from './message.js';

describe('field extraction', () => {
  for (const { name, from, to, subject, received, body, fields } of MAIL_CASES) {
    it(name, () => {
      const message = parseOne({ subject, from, to, body, receivedDateTime: received ?? '2026-03-20T09:00:00Z' });
      expect(extractFields(message)).to.deep.equal(fields);
    });
  }

  it('does not depend on who runs it when', () => {
    for (const { from, subject, body } of MAIL_CASES) {
      const message = parseOne({ subject, from, body });
      expect(extractFields(message)).to.deep.equal(extractFields(structuredClone(message)));
    }
  });
});

// The intake samples, one per body shape in the field, come out exactly as a person read them.
import { readdirSync, readFileSync } from 'node:fs';
import { parseMoney } from '@workitem-hub/client/money';
import { expect } from 'chai';
import { extractFields } from '../../src/intake/fields.js';
import { parseOne } from './message.js';

const folder = new URL('./samples/', import.meta.url);
const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const names = readdirSync(folder).flatMap((file) => /^(.*)\.request\.json$/.exec(file)?.[1] ?? []);

describe('intake samples', () => {
  it('are all here', () => {
    expect(names).to.have.length(10);
  });

  for (const name of names) {
    it(name, () => {
      const message = parseOne(read(`${name}.request.json`));
      const { coverage_amount, ...fields } = extractFields(message);
      const expected = read(`${name}.expected.json`);
      expect({
        from_email: message.from.address,
        subject: message.subject,
        received_at: message.receivedAt?.toISOString() ?? null,
        attachment_names: message.attachments.map((attachment) => attachment.name),
        fields: { ...fields, coverage_amount: parseMoney(coverage_amount) },
      }).to.deep.equal({
        ...expected,
        received_at: expected.received_at && new Date(expected.received_at).toISOString(),
      });
    });
  }

  it('keep the bytes of their attachments', () => {
    for (const name of names) {
      for (const { name: file, content } of parseOne(read(`${name}.request.json`)).attachments) {
        const start = content.subarray(0, 4).toString('latin1');
        expect(start, file).to.equal(file.endsWith('.pdf') ? '%PDF' : file.endsWith('.xlsx') ? 'PK\x03\x04' : 'clas');
      }
    }
  });
});

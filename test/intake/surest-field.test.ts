import { formatMoney } from '@workitem-hub/client/money';
import { expect } from 'chai';
import { cleanLine } from '../../src/intake/encoding.js';
import { extractFields, findFields } from '../../src/intake/fields.js';
import { best, type Candidate } from '../../src/intake/fields/candidate.js';
import { MAIL_CASES } from './cases/mails.js';
import { parseOne } from './message.js';

const chosen = <T>(candidates: Candidate<T>[]): T | null =>
  best(candidates.filter(({ score }) => score >= 20))?.value ?? null;
const text = (value: string | null): string | null => value && (cleanLine(value, 200) || null);

describe('the extraction that stops where nothing better can be', () => {
  for (const one of MAIL_CASES) {
    it(`chooses what looking everywhere does: ${one.name}`, () => {
      const mail = parseOne({
        from: one.from,
        to: one.to ?? null,
        subject: one.subject,
        body: one.body,
        receivedDateTime: one.received ?? '2026-04-15T09:00:00Z',
      });
      const all = findFields(mail);
      const money = chosen(all.coverage_amount);
      expect(extractFields(mail)).to.deep.equal({
        insured_name: text(chosen(all.insured_name)),
        policy_type: text(chosen(all.policy_type)),
        coverage_amount: money && formatMoney(money),
        effective_date: chosen(all.effective_date),
        broker: text(chosen(all.broker)),
      });
    });
  }
});

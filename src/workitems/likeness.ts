// By what two items are about the same business: whom they insure, who sent them, and the words of their subjects.
import type { Item } from '@workitem-hub/client/contract';
import { domainOf } from '@workitem-hub/client/filter';
import { coreOf } from './company.js';

type Mail = Pick<Item, 'from_email' | 'extracted_fields'>;

/** `null` for an item that names nobody. `The Tárn Mill & Sons Ltd.` and `Tarn Mill and Sons Limited` are the same. */
export function insuredKeyOf({ extracted_fields: { insured_name: name } }: Mail): string | null {
  const plain = coreOf((name ?? '').normalize('NFD').replace(/\p{M}/gu, ''));
  const core = plain.split(' ').filter((word, i) => word !== 'and' && !(i === 0 && word === 'the'));
  return core.join('') === '' ? null : `insured:${core.join(' ')}`;
}

/** `null` for an item without a sender. */
export function senderKeyOf({ from_email }: Mail): string | null {
  const domain = domainOf(from_email);
  return domain ? `sender:${domain}` : null;
}

/** What an item is found by; never empty, so that items which have no such keys yet can be told from the others. */
export function likenessOf(mail: Mail): string[] {
  const insured = insuredKeyOf(mail);
  return [...(insured ? [insured] : []), senderKeyOf(mail) ?? 'sender:'];
}

/** Words that half of all subjects have. */
const COMMON = new Set(
  `the and for from with your our new please urgent asap fwd quote quotes quotation request requested required submission submissions
  enquiry inquiry renewal insurance policy cover coverage terms proposal client insured account business broker effective inception date
  dated risk application indication attached information details limit liability commercial general professional property cyber`.split(
    /\s+/,
  ),
);

/** Words in common that make two subjects of one sender about the same thing. */
const SHARED_WORDS = 2;

/** Whether two subjects have words in common that few others have. */
export function subjectsMeet(one: string, other: string): boolean {
  const words = wordsOf(one);
  let shared = 0;
  for (const word of wordsOf(other)) if (words.has(word)) shared++;
  return shared >= SHARED_WORDS;
}

function wordsOf(subject: string): Set<string> {
  const plain = subject.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain.match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  return new Set(words.filter((word) => !COMMON.has(word)));
}

// Mails as a Logic App posts them, 1.5 kB each: every one with an identity of its own and five fields to be found in its text.
import { randomBytes } from 'node:crypto';

export interface MailMaker {
  /** The next mail, as the JSON of a request's body. */
  next(): string;
}

const CASES = [
  ['Tarnside Architects LLP', 'Professional Indemnity', 'GBP 2,000,000 any one claim', '1 October 2025'],
  ['Harbourside Logistics Ltd', 'Marine Cargo', 'USD 12,500,000 any one vessel', '15 November 2025'],
  ['Brightwater Clinics Inc', 'Cyber', '$5,000,000 in the aggregate', '2025-12-01'],
  ['Oakfield Textiles Group', 'General Liability', 'EUR 3,250,000 each occurrence', '01/01/2026'],
] as const;

/** Stands for the number of the mail, in as many characters. */
const SLOT = '000000000000';

/** @param domains of the senders, each in its turn */
export function createMails(domains: readonly string[] = ['pellowstrand.example.com']): MailMaker {
  const run = randomBytes(6).toString('hex');
  const forms = Array.from({ length: CASES.length * domains.length }, (_, index) => {
    const fields = CASES[index % CASES.length] as (typeof CASES)[number];
    return JSON.stringify(mailOf(run, fields, domains[index % domains.length] as string)).split(SLOT);
  });
  let count = 0;
  return {
    next() {
      const form = forms[count % forms.length] as string[];
      return form.join(String(count++).padStart(SLOT.length, '0'));
    },
  };
}

function mailOf(run: string, [insured, policy, limit, inception]: (typeof CASES)[number], domain: string): object {
  return {
    id: `AAMk${run}${SLOT}=`,
    receivedDateTime: '2025-08-28T09:41:17+00:00',
    hasAttachments: false,
    internetMessageId: `<${run}.${SLOT}@${domain}>`,
    subject: `Submission: ${policy} - ${insured}`,
    importance: 'normal',
    isRead: false,
    isHtml: false,
    body: [
      'Hi team,',
      'Hope the week is treating you kindly. Please could you let us have terms for the client below, who is leaving ' +
        'their current insurer after a service wobble rather than a claims problem.',
      [
        `Insured: ${insured}`,
        `Class: ${policy}`,
        `Limit: ${limit}`,
        'Excess: 10,000 each claim, defence costs in addition',
        `Inception: ${inception}`,
      ].join('\r\n'),
      'Fee income for the last completed year was 3,140,000 and the partners expect about 3.3m this year. No high-rise ' +
        'work and no cladding. The signed proposal will follow under separate cover. We have been asked to report to the ' +
        'partners by 12 September, so anything before then would be a great help.',
      'There is one notified circumstance from 2021, reserved at nil and closed without payment; details on request.',
      'Kind regards,\r\nImogen',
      'Imogen Hartley\r\nAccount Executive\r\nPellow & Strand Insurance Brokers Ltd\r\nT: 020 7946 0142',
    ].join('\r\n\r\n'),
    from: `imogen.hartley@${domain}`,
    toRecipients: 'submissions@northgale.example.com',
    ccRecipients: null,
    attachments: [],
  };
}

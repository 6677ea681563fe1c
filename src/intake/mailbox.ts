// Reads who a mail is from and to, out of the forms that connectors give: text, "Name <address>", Graph's objects.
import emailAddresses from 'email-addresses';
import { cleanName, decodeEncodedWords, decodePercent } from './encoding.js';
import type { Mailbox } from './email-message.js';
import { isObject, looseFields, pick, wrongType } from './json-shape.js';

const MAX_ADDRESS = 320;
const MAX_NAME = 300;
/** Recipients beyond these tell nothing that the first do not. */
const MAX_RECIPIENTS = 100;

export const NOBODY: Mailbox = { address: null, name: null };

/**
 * One mailbox out of a text, an object (`{emailAddress: {address, name}}`, `{address, name}`, `{email}`) or a list, whose first
 * counts. `null` and empty texts are {@link NOBODY}; a text without an address, as Exchange gives for some, is a name.
 * @throws HubError `invalid` for numbers and the like
 */
export function readMailbox(value: unknown, field: string): Mailbox {
  if (value === null || value === undefined) return NOBODY;
  if (typeof value === 'string') return parseMailbox(value);
  if (Array.isArray(value)) return readMailbox(value.find((entry) => entry !== null) ?? null, field);
  if (!isObject(value)) throw wrongType(field, 'an address', value);
  const fields = looseFields(value);
  const inner = fields.get('emailaddress');
  if (isObject(inner)) return readMailbox(inner, field);
  const address = pick(fields, ['address', 'emailaddress', 'email', 'mail', 'value', 'smtpaddress', 'text']);
  const name = pick(fields, ['name', 'displayname', 'fullname']);
  if (address !== null && typeof address !== 'string') throw wrongType(`${field}.address`, 'text', address);
  if (name !== null && typeof name !== 'string') throw wrongType(`${field}.name`, 'text', name);
  const parsed = address === null ? NOBODY : parseMailbox(address);
  return { address: parsed.address, name: nameOf(name) ?? parsed.name };
}

/** All mailboxes of a field such as `toRecipients`: a list, or text separated by `;` or `,`. What is none is left out. */
export function readMailboxes(value: unknown): Mailbox[] {
  const entries =
    typeof value === 'string' ? value.slice(0, 32_000).split(/[;,]/) : Array.isArray(value) ? value : [value];
  const found: Mailbox[] = [];
  for (const entry of entries.slice(0, MAX_RECIPIENTS)) {
    if (typeof entry !== 'string' && !isObject(entry)) continue;
    const mailbox = readMailbox(entry, 'to');
    if (mailbox.address !== null) found.push(mailbox);
  }
  return found;
}

const BARE = /^[^\s@<>(),;:"]{1,64}@[^\s@<>(),;:"]{1,255}$/;
const NAMED = /^([^<>@]{0,300})<\s?(?:mailto:)?([^\s@<>(),;:"]{1,64}@[^\s@<>(),;:"]{1,255})\s?>/i;
const SOMEWHERE = /[^\s@<>(),;:"']{1,64}@[^\s@<>(),;:"']{1,255}/;

/** A mailbox as mails write it: `a@b`, `Name <a@b>`, `"Name, of Place" <a@b>`, `Name (a@b)`. */
export function parseMailbox(text: string): Mailbox {
  const line = cleanName(decodeEncodedWords(decodePercent(text.slice(0, 2000).trim())), MAX_ADDRESS + MAX_NAME).replace(
    /^mailto:/i,
    '',
  );
  if (line === '') return NOBODY;
  if (BARE.test(line)) return { address: line, name: null };
  const named = NAMED.exec(line);
  if (named) return { address: named[2] as string, name: nameOf(named[1] as string) };
  // The grammar of RFC 5322 is for the rare rest; nested comments make it slow, so those do without.
  const parsed = line.includes('@') && !line.includes('((') ? emailAddresses.parseOneAddress(line) : null;
  const address = parsed?.type === 'mailbox' ? parsed.address : (SOMEWHERE.exec(line)?.[0] ?? null);
  if (address === null) return { address: null, name: nameOf(line) };
  const name = parsed?.type === 'mailbox' ? parsed.name : line.replace(address, '').replace(/[<>()[\]]/g, '');
  return { address: address.slice(0, MAX_ADDRESS), name: nameOf(name) };
}

function nameOf(name: string | null): string | null {
  if (name === null) return null;
  return (
    cleanName(decodeEncodedWords(name.slice(0, 2000)), MAX_NAME)
      .replace(/^["']+|["']+$/g, '')
      .trim() || null
  );
}

// Reads the attachments of a posted mail: files with their bytes in whatever field a connector puts them, links, attached mails.
import { HubError } from '../errors.js';
import type { EmailAttachment } from './email-message.js';
import { cleanLine, cleanName, decodeBase64, decodeEncodedWords, decodePercent } from './encoding.js';
import { isObject, type LooseFields, looseFields, parseJsonText, pick, pickText, wrongType } from './json-shape.js';

const MAX_NAME = 255;
const NAME = ['name', 'filename', 'filenamewithextension', 'title', 'displayname'];
const TYPE = ['contenttype', '$contenttype', 'mimetype', 'mediatype'];
/** Fields that promise base64. */
const BYTES = ['contentbytes', 'contentbase64', 'base64', 'base64content', '$content', 'bytes', 'filecontent'];
/** Fields that may as well hold plain text. */
const CONTENT = ['content', 'data', 'body'];
const OCTETS = 'application/octet-stream';

/**
 * The attachments in a field: a list, one object, `{value: […]}`, or any of these as JSON text. One without bytes is kept by name:
 * a link (`referenceAttachment`) as its address, an attached item (`itemAttachment`) as its JSON, anything else empty.
 * @param name of the field, as its sender writes it
 * @throws HubError `invalid` for wrong types and bytes that are not base64; `too_large` when there are more than
 *   `maxAttachments` (0: no bound)
 */
export function readAttachments(value: unknown, maxAttachments: number, name = 'attachments'): EmailAttachment[] {
  const entries = listOf(value, name).filter((entry) => entry !== null);
  if (maxAttachments > 0 && entries.length > maxAttachments) {
    throw new HubError('too_large', `A message may have at most ${maxAttachments} attachments.`, {
      details: { attachments: entries.length, max: maxAttachments },
    });
  }
  return entries.map((entry, index) => readAttachment(entry, index, name));
}

function listOf(value: unknown, name: string): unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') {
    const text = value.trim();
    if (text === '' || text === 'null') return [];
    // Decoded only when it must be: a `+` of base64 would become a blank.
    const parsed = parseJsonText(text) ?? parseJsonText(decodePercent(text));
    if (parsed === undefined) throw wrongType(name, 'a list', value);
    return listOf(parsed, name);
  }
  if (!isObject(value)) throw wrongType(name, 'a list', value);
  const inner = looseFields(value).get('value');
  return Array.isArray(inner) ? inner : [value];
}

function readAttachment(entry: unknown, index: number, list: string): EmailAttachment {
  const field = `${list}[${index}]`;
  const value = typeof entry === 'string' ? parseJsonText(entry) : entry;
  if (!isObject(value)) throw wrongType(field, 'an object', entry);
  const fields = looseFields(value);
  const name = nameOf(pickText(fields, NAME), index);
  const declared = cleanLine(pickText(fields, TYPE) ?? '', 200).toLowerCase();
  const content = bytesOf(fields, field);
  if (content.bytes !== null) {
    return { name, contentType: declared || content.type || OCTETS, content: content.bytes };
  }
  return { name, ...standIn(fields, declared) };
}

/** What is kept of an attachment that came without bytes. */
function standIn(fields: LooseFields, declared: string): Omit<EmailAttachment, 'name'> {
  const link = pick(fields, ['sourceurl', 'providerurl', 'url', 'link']);
  if (typeof link === 'string') return { contentType: 'text/uri-list', content: Buffer.from(cleanLine(link, 4000)) };
  const item = fields.get('item');
  if (isObject(item)) return { contentType: 'application/json', content: Buffer.from(JSON.stringify(item)) };
  return { contentType: declared || OCTETS, content: Buffer.alloc(0) };
}

function bytesOf(fields: LooseFields, field: string): { bytes: Buffer | null; type: string } {
  const value = pick(fields, [...BYTES, ...CONTENT]);
  if (value === null) return { bytes: null, type: '' };
  // Logic Apps hands bytes over as an object of their type and their base64.
  const inner = isObject(value) ? looseFields(value) : null;
  const text = inner ? pickText(inner, BYTES) : value;
  if (text === null) return { bytes: null, type: '' };
  if (typeof text !== 'string') throw wrongType(`${field}.contentBytes`, 'base64 text', text);
  const type = inner ? cleanLine(pickText(inner, TYPE) ?? '', 200).toLowerCase() : '';
  const bytes = decodeBase64(text);
  if (bytes !== null) return { bytes, type };
  if (!inner && pick(fields, BYTES) === null) return { bytes: Buffer.from(text, 'utf8'), type: 'text/plain' };
  throw wrongType(`${field}.contentBytes`, 'base64 text', text);
}

function nameOf(given: string | null, index: number): string {
  const decoded = decodeEncodedWords(decodePercent((given ?? '').slice(0, 4000)));
  const name = cleanName(decoded, MAX_NAME).replace(/[/\\]/g, '_');
  return name || `attachment-${index + 1}`;
}

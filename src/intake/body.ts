// Finds the body of a mail among the fields that may hold it, undoes its encoding, and tells text from HTML.
import { decodeBase64, decodeBase64Text, decodePercent, cleanText } from './encoding.js';
import {
  isObject,
  type LooseFields,
  looseFields,
  parseJsonText,
  pick,
  pickedName,
  pickText,
  wrongType,
} from './json-shape.js';
import { cleanPlainText, htmlToText, isHtml } from './text.js';

export const BODY = ['body', 'emailbody', 'mailbody', 'messagebody'];
const HTML_BODY = ['bodyhtml', 'htmlbody', 'html'];
const TEXT_BODY = ['bodytext', 'textbody', 'bodyplain', 'plaintext', 'text', 'content', 'uniquebody'];
/** The first 255 characters, better than nothing. */
const PREVIEW = ['bodypreview', 'preview', 'snippet'];
export const ANY_BODY = [...BODY, ...HTML_BODY, ...TEXT_BODY, ...PREVIEW];

export interface Body {
  text: string;
  /** As it came, when that was HTML. */
  html: string | null;
}

/** @throws HubError `invalid` when a body is neither text nor an object that holds text */
export function readBody(fields: LooseFields): Body {
  const flag = htmlFlag(pick(fields, ['ishtml', 'bodytype', 'bodyformat', 'bodycontenttype', 'contenttype']));
  for (const names of [HTML_BODY, BODY, TEXT_BODY, PREVIEW]) {
    const value = pick(fields, names);
    if (value === null) continue;
    const hint = names === HTML_BODY ? true : names === PREVIEW ? false : flag;
    const body = typeof value === 'string' ? fromText(value, hint) : fromObject(value, hint, pickedName(fields, names));
    if (body.text !== '' || body.html !== null) return body;
  }
  return { text: '', html: null };
}

/** Graph's `{contentType, content}`, or `{$content-type, $content}` as Logic Apps passes bytes. */
function fromObject(value: unknown, hint: boolean | null, name: string): Body {
  if (!isObject(value)) throw wrongType(name, 'text', value);
  const fields = looseFields(value);
  const type = pick(fields, ['contenttype', '$contenttype', 'type']);
  const flag = htmlFlag(type) ?? hint;
  const bytes = pickText(fields, ['$content']);
  if (bytes !== null) return fromText(decodeBase64(bytes)?.toString('utf8') ?? bytes, flag);
  const content = pickText(fields, ['content', 'text', 'value', 'html']);
  return content === null ? { text: '', html: null } : fromText(content, flag);
}

function fromText(raw: string, flag: boolean | null): Body {
  const inner = /^\s*\{/.test(raw) && /content"/i.test(raw.slice(0, 1000)) ? parseJsonText(raw) : undefined;
  if (inner && isObject(inner) && looseFields(inner).has('content')) return fromObject(inner, flag, 'body');
  const decoded = decodeBase64Text(raw) ?? decodePercent(raw);
  if (!isHtml(decoded, flag)) return { text: cleanPlainText(decoded), html: null };
  return { text: htmlToText(decoded), html: cleanText(decoded) };
}

/** `null` when the value says nothing about it. */
function htmlFlag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  const word = value.slice(0, 100).toLowerCase();
  if (word.includes('html') || word === 'true') return true;
  return word.includes('text') || word.includes('plain') || word === 'false' ? false : null;
}

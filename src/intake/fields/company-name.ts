// Reads names of companies out of running text: word by word, so that it ends where the name does.
import { coreOf, LEGAL_FORMS } from '../../workitems/company.js';
import { allMatches } from './clause.js';

/** Forms that are words too: only with a capital, and `Co` never first. */
const SMALL_WORDS = new Set(
  'of and the de van der den von zu la le les du des di del della da do dos y et und en e & + voor för og och'.split(
    ' ',
  ),
);
const STOP = new Set(
  `our your we they this that these those it please hi hello dear good thanks thank regards kind best the a an as at by in on to if could would can i my
  he she their his her attached see new client insured account policy quote submission re fw fwd subject attn risk team all both any there`.split(
    /\s+/,
  ),
);
const MAX_WORDS = 12;
const MAX_NAME = 120;

export interface FoundName {
  name: string;
  /** Offset behind it. */
  end: number;
  /** Ends with a legal form such as `Ltd`, so it is a company for sure. */
  legal: boolean;
}

/** Whether a word (without the punctuation around it) is a legal form as it stands in a name. */
function isForm(word: string): boolean {
  // Most words are none, and show it at once.
  if (!/^\(?(?:\p{Lu}|plc|gmbh)/u.test(word)) return false;
  const core = word.replace(/^[(]|[,;:)]+$/g, '').replace(/\.$/, '');
  return LEGAL_FORMS.has(core.toLowerCase()) && /^\p{Lu}|^(?:plc|gmbh)$/u.test(core);
}

function isNameWord(word: string): boolean {
  return /^["'“”‘’(]{0,2}[\p{Lu}\p{N}]/u.test(word);
}

const WORD = /\S+/y;
const GAP = / {1,2}/y;

/** The name that starts at an offset; `null` when none does. Looks at a dozen words at most. */
export function readName(text: string, from: number): FoundName | null {
  let at = from;
  let end = from;
  let firm = 0;
  let legal = false;
  for (let count = 0; count < MAX_WORDS && at < text.length && at - from < MAX_NAME; count++) {
    WORD.lastIndex = at;
    const word = WORD.exec(text)?.[0];
    if (word === undefined) break;
    const form = count > 0 && isForm(word);
    // After `Ltd` only another form belongs to the name: `Pty Ltd`, `GmbH & Co. KG`.
    if (legal && !form && word !== '&') break;
    const small = SMALL_WORDS.has(word) && count > 0;
    if (!form && !small && !isNameWord(word)) break;
    if (count === 0 && STOP.has(word.toLowerCase().replace(/\W/g, '')) && !startsName(text, at + word.length))
      return null;
    at += word.length;
    if (form) legal = true;
    if (!small) {
      end = at;
      if (legal === form) firm = at;
    }
    const closes = /[;:!?)”]$/.test(word) && !/^\(.*\)$/.test(word);
    if (closes || (word.endsWith('.') && !form && !/^(?:\p{Lu}\.){1,4}$|^(?:St|Bros|Mt|Dr|Jr|Sr|No)\.$/u.test(word)))
      break;
    if (word.endsWith(',') && !formAhead(text, at)) break;
    GAP.lastIndex = at;
    at += GAP.exec(text)?.[0].length ?? MAX_NAME;
  }
  if (legal) end = firm;
  const name = trimName(text.slice(from, end), legal && keepsDot(text, from, end));
  return name.length >= 2 && /\p{L}/u.test(name) ? { name, end, legal } : null;
}

/** Whether a dot at the end is the name's own (`Inc.`, `B.V.`) and not that of the sentence. */
function keepsDot(text: string, from: number, end: number): boolean {
  const last = text
    .slice(Math.max(from, end - 20), end)
    .split(' ')
    .at(-1) as string;
  if (/^\W*Ltd\./.test(last)) return !/^\s+\p{Lu}/u.test(text.slice(end, end + 10));
  return /^\W*(?:Inc|Corp|Co|Bros|(?:\p{L}\.){1,4}\p{L})\./u.test(last);
}

/** `The Crown Inn` is a name though `the` is none. */
function startsName(text: string, at: number): boolean {
  const next = /\S+/.exec(text.slice(at, at + 40))?.[0] ?? '';
  return text.slice(at - 3, at) === 'The' && isNameWord(next) && !STOP.has(next.toLowerCase());
}

/** Whether a list of names after a comma ends in a legal form soon: `Price, Forbes & Partners Ltd`, `Roofing, LLC`. */
function formAhead(text: string, at: number): boolean {
  const words = text
    .slice(at, at + 60)
    .trim()
    .split(/\s+/)
    .slice(0, 5);
  for (const word of words) {
    if (isForm(word)) return true;
    if (!isNameWord(word) && !SMALL_WORDS.has(word)) return false;
    if (/[.;,]$/.test(word)) return false;
  }
  return false;
}

/** Without quotes and punctuation around it; the dot of `Inc.` is its own. */
export function trimName(
  text: string,
  legal = /\b(?:\p{L}\.){2,5}$|\b(?:Inc|Ltd|Corp|Co|Bros)\.$/u.test(text),
): string {
  const name = text.replace(/^[\s"'“”‘’*_(]+/, '').replace(/[\s"'“”‘’*_,;:?!]+$/, '');
  const closed = name.includes('(') ? name : name.replace(/\)+$/, '');
  return legal ? closed : closed.replace(/\.+$/, '');
}

const WORDS = /\S+/g;

/** Every name with a legal form in a text, found from its form backwards. */
export function findLegalNames(text: string): FoundName[] {
  const found: FoundName[] = [];
  const words = allMatches(text, WORDS);
  let floor = 0;
  for (let i = 1; i < words.length; i++) {
    if (!isForm(words[i]?.[0] ?? '')) continue;
    let start = i;
    while (start > floor && i - start < MAX_WORDS && continues(words[start - 1]?.[0] ?? '', words[start]?.[0] ?? ''))
      start--;
    while (start < i && (SMALL_WORDS.has(words[start]?.[0] ?? '') || STOP.has((words[start]?.[0] ?? '').toLowerCase())))
      start++;
    const name = start < i ? readName(text, words[start]?.index ?? 0) : null;
    if (!name?.legal) continue;
    found.push(name);
    while (i + 1 < words.length && (words[i + 1]?.index ?? 0) < name.end) i++;
    floor = i + 1;
  }
  return found;
}

function continues(previous: string, word: string): boolean {
  if (/[.;:!?]$/.test(previous) && !/^(?:\p{Lu}\.){1,4}$|^(?:St|Bros|Mt|Dr)\.$/u.test(previous)) return false;
  if (previous.endsWith(',') && !isForm(word)) return false;
  return isNameWord(previous) || SMALL_WORDS.has(previous);
}

/** Whether two names are the same company, whatever its form and punctuation. */
export function sameName(a: string, b: string): boolean {
  return a === b || coreOf(a) === coreOf(b);
}

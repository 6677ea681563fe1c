// Reduces the HTML of a mail to the few tags that shape its text, before a parser sees it: no attributes, no styles, and
// never deeper than a parser handles in linear time. Words are never lost, only layout.

/** Tags that make lines, cells and lists; all others leave their text where it is. */
const SHAPING = new Set(
  'address article aside blockquote br center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);
const VOID = new Set(['br', 'hr']);
/** Elements whose content is no text for a reader. */
const SILENT = new Set([
  'head',
  'script',
  'style',
  'title',
  'noscript',
  'template',
  'svg',
  'textarea',
  'select',
  'object',
  'iframe',
]);
/** Depth beyond which tags are dropped. Mails that people write stay well below it. */
const MAX_OPEN = 64;
/** Tags, starts of markup and characters of text after which the rest is left as it came. A long mail has a tenth. */
const MAX_TAGS = 50_000;
const MAX_STARTS = 500_000;
const MAX_TEXT = 1_000_000;

const TAG_NAME = /[a-z][a-z0-9:]{0,20}/iy;

export interface PrunedHtml {
  /** HTML of shaping tags without attributes, at most some millions of characters. */
  markup: string;
  /** What was beyond the bounds, as it came. */
  rest: string;
}

/** Linear in the length of `html`, whatever it is. */
export function pruneHtml(html: string): PrunedHtml {
  const out: string[] = [];
  const open: { name: string; as: string }[] = [];
  const unclosed = new Set<string>();
  const lastClose = html.lastIndexOf('>');
  let tags = 0;
  let size = 0;
  let at = 0;
  for (let starts = 0; at < html.length && starts < MAX_STARTS && tags < MAX_TAGS; starts++) {
    const next = html.indexOf('<', at);
    // Without a closing bracket further on, all that is left is text.
    const start = next < 0 || next > lastClose ? html.length : next;
    size += start - at;
    if (size > MAX_TEXT) break;
    out.push(html.slice(at, start).replaceAll('<', '&lt;'));
    at = start;
    if (start === html.length) break;
    at = skipMarkup(html, start);
    const closing = html[start + 1] === '/';
    TAG_NAME.lastIndex = start + (closing ? 2 : 1);
    const name = TAG_NAME.exec(html)?.[0].toLowerCase();
    if (name === undefined) {
      // Not a tag: a stray `<` of the text. Comments and declarations go.
      if (at === start + 1) out.push('&lt;');
      continue;
    }
    if (!closing && SILENT.has(name) && !unclosed.has(name) && html[at - 2] !== '/') {
      const end = endOfSilent(html, name, at);
      // Remembered, since looking for it again and again would take quadratic time.
      if (end < 0) unclosed.add(name);
      else at = end;
    }
    if (!SHAPING.has(name)) continue;
    tags++;
    if (VOID.has(name)) out.push(`<${name}>`);
    else if (closing) {
      const level = open.findLastIndex((element) => element.name === name);
      if (level >= 0) for (const { as } of open.splice(level).reverse()) out.push(`</${as}>`);
    } else if (open.length < MAX_OPEN) {
      // Word writes each line as a paragraph without margins.
      const as = name === 'p' && html.slice(start, Math.min(at, start + 200)).includes('MsoNormal') ? 'div' : name;
      open.push({ name, as });
      out.push(`<${as}>`);
    }
  }
  return { markup: out.join(''), rest: html.slice(at) };
}

/** Where the markup that starts here ends; just behind the `<` when it is none. */
function skipMarkup(html: string, start: number): number {
  if (html.startsWith('<!--', start)) return endOf(html, '-->', start + 4);
  if (!/[a-z/!?]/i.test(html[start + 1] ?? '')) return start + 1;
  let at = start + 1;
  for (; at < html.length; at++) {
    const char = html[at];
    if (char === '>') return at + 1;
    // A `>` within quotes belongs to the attribute.
    if ((char === '"' || char === "'") && html[at - 1] === '=') {
      const quote = html.indexOf(char, at + 1);
      if (quote >= 0) at = quote;
    }
  }
  return at;
}

function endOf(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found < 0 ? html.length : found + mark.length;
}

/** Behind the closing tag; -1 when there is none, and then only the tag itself goes. */
function endOfSilent(html: string, name: string, from: number): number {
  const closing = new RegExp(`</${name}[^a-z0-9]`, 'gi');
  closing.lastIndex = from;
  const found = closing.exec(html);
  return found ? endOf(html, '>', found.index) : -1;
}

// Makes readable text of a mail's body, HTML or not: one line per line that a reader would see, table cells separated by tabs.
import { compile, type DomNode, type FormatCallback } from 'html-to-text';
import { cleanText } from './encoding.js';
import { pruneHtml } from './html-prune.js';

/** A table row as one line; a row used for layout, with cells of many lines, as its cells one below the other. */
const formatRow: FormatCallback = (row, walk, builder) => {
  builder.openTable();
  builder.openTableRow();
  for (const child of row.children as DomNode[]) {
    const cell = child.name === 'td' || child.name === 'th';
    if (child.type === 'text' && !child.data?.trim()) continue;
    builder.openTableCell();
    walk(cell ? child.children : [child], builder);
    builder.closeTableCell({});
  }
  builder.closeTableRow();
  builder.closeTable({
    tableToString: (rows: { text: string }[][]) => joinCells(rows.flat().map(({ text }) => text)),
    leadingLineBreaks: 1,
    trailingLineBreaks: 1,
  } as unknown as Parameters<typeof builder.closeTable>[0]);
};

/** Lines that a cell of a data table may have. */
const MAX_CELL_LINES = 3;

function joinCells(cells: string[]): string {
  const filled = cells.filter((cell) => cell.trim() !== '');
  const layout = filled.length < 2 || filled.some((cell) => cell.split('\n').length > MAX_CELL_LINES);
  if (layout) return filled.join('\n');
  return cells
    .map((cell) => cell.replace(/\s+/g, ' ').trim())
    .join('\t')
    .trimEnd();
}

const block = (selector: string, lineBreaks: number) => ({
  selector,
  format: 'block',
  options: { leadingLineBreaks: lineBreaks, trailingLineBreaks: lineBreaks },
});
const LINE_BLOCKS = [
  'div',
  'section',
  'article',
  'header',
  'footer',
  'main',
  'nav',
  'center',
  'address',
  'form',
  'figure',
];

// Every tag that `pruneHtml` keeps is told here how to look; upper-case headings would hide names from the extraction.
const convert = compile({
  wordwrap: false,
  // Without the zero-width blank that is among the default ones: it separates nothing.
  whitespaceCharacters: ' \t\r\n\f',
  formatters: { row: formatRow },
  limits: { maxInputLength: Number.POSITIVE_INFINITY },
  selectors: [
    ...LINE_BLOCKS.map((tag) => block(tag, 1)),
    ...['table', 'tbody', 'thead', 'tfoot', 'td', 'th', 'dl', 'dt', 'dd', 'fieldset', 'aside'].map((tag) =>
      block(tag, 1),
    ),
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p'].map((tag) => block(tag, 2)),
    { selector: 'tr', format: 'row' },
    { selector: 'ul', options: { itemPrefix: '- ' } },
    { selector: 'hr', options: { length: 10 } },
    { selector: 'blockquote', options: { trimEmptyLines: false } },
  ],
});

/** HTML to text, in time linear in its length; of hostile HTML the layout is lost, never the words. */
export function htmlToText(html: string): string {
  const { markup, rest } = pruneHtml(html);
  return cleanPlainText(convert(markup) + wordsOf(rest));
}

/** What mails write for these characters; `&` comes last, since it begins all the others. */
const ENTITIES = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&nbsp;': ' ', '&amp;': '&' };

/** The words of HTML that is too much to be laid out. */
function wordsOf(rest: string): string {
  // A tag ends before the next one starts, so each character is looked at once or twice.
  let text = rest.replace(/<[a-z/!?][^<>]*>/gi, (tag) =>
    /^<\/?(?:br|p|div|tr|li|table|h\d)\b/i.test(tag) ? '\n' : ' ',
  );
  for (const [entity, character] of Object.entries(ENTITIES)) text = text.replaceAll(entity, character);
  return text;
}

const ZERO_WIDTH = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
const BLANK = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;

/** Text as written, with plain line ends and blanks, without invisible characters and long gaps. */
export function cleanPlainText(text: string): string {
  return cleanText(text.replaceAll('\r\n', '\n').replace(/[\r\u2028\u2029\u0085\f\v]/g, '\n'))
    .replace(ZERO_WIDTH, '')
    .replace(BLANK, ' ')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

// No look at what follows the name: a search for the closing bracket from each `<` would be quadratic.
const HTML_TAG =
  /<\/?(?:html|head|body|div|p|br|span|table|tbody|tr|td|th|ul|ol|li|font|b|i|u|strong|em|a|h[1-6]|meta|style|img|blockquote|pre|hr)[\s/>]/i;
const HTML_START = /^\s*<(?:!doctype|html|head|body|div|p|table|meta|style|span|font)[\s>/]/i;
const ENTITY = /&(?:[a-z]{2,8}|#\d{2,6}|#x[0-9a-f]{2,5});/i;

/** Tells whether a body is HTML. `flag` is what the connector says: it may say nothing, or be wrong. */
export function isHtml(body: string, flag: boolean | null): boolean {
  if (flag === true) return HTML_TAG.test(body) || ENTITY.test(body);
  if (flag === false) return HTML_START.test(body) && /<\/(?:html|body|div|p|table|span|font)>/i.test(body);
  return HTML_TAG.test(body);
}

// The mail as text: what was found in it is marked, addresses of pages lead there, its tables are tables again, and nothing in it
// is ever read as markup: the hub made text of it when it came.
import { memo, type ReactNode, useMemo, useState } from 'react';
import { formatCount, formatFully } from '../locale/format';
import { FIELDS } from './fields';
import style from './item-panel.module.css';
import { blocksOf, type Found, foundIn, piecesOf, type Stretch } from './mail-text';
import type { Field, Mail } from './submission';

/** Characters that are shown at first; more than the part in which fields are looked for. */
const AT_FIRST = 100_000;
/** Characters that come with each wish for more: a mail may have millions, and all at once would hold the page for minutes. */
const FURTHER = 300_000;
const WORDS = new Map(FIELDS);

/** The children are the subject. Also of a mail that cannot be read yet: the list knows as much. */
export function MailHead({ from, received, children }: { from: string | null; received: string; children: ReactNode }) {
  return (
    <dl className={style.mailHead}>
      <div>
        <dt>Subject</dt>
        <dd dir="auto" id="mail-subject">
          {children || <i>No subject</i>}
        </dd>
      </div>
      <div>
        <dt>From</dt>
        <dd>{from ?? <i>Unknown</i>}</dd>
      </div>
      <div>
        <dt>Received</dt>
        <dd>
          <time dateTime={received}>{formatFully(received)}</time>
        </dd>
      </div>
    </dl>
  );
}

/** As mail programs write it. */
const senderOf = ({ from_name, from_email }: Mail): string | null =>
  from_name && from_email ? `${from_name} <${from_email}>` : from_name || from_email;

/** Not drawn anew with everything that happens in the list. */
export const MailView = memo(function MailView({ mail, pointed }: { mail: Mail; pointed: Field | null }) {
  const [shown, setShown] = useState<readonly Stretch[]>([]);
  const subject = useMemo(() => foundIn(mail, 'subject'), [mail]);
  const body = useMemo(() => foundIn(mail, 'body_text'), [mail]);
  const first = useMemo(() => stretchFrom(mail.body_text, 0, AT_FIRST), [mail]);
  const text = textOf(mail.body_text, first);
  const end = shown.at(-1)?.end ?? first.end;
  const left = mail.body_text.length - end;
  return (
    <div className={style.mail}>
      <MailHead from={senderOf(mail)} received={mail.received_at ?? mail.created_at}>
        {mail.subject ? <Text text={mail.subject} found={subject} pointed={pointed} /> : null}
      </MailHead>
      {text.trim() ? (
        <div className={style.text} id="mail-text">
          <Body text={text} found={body} pointed={pointed} />
          {shown.map((one) => (
            <Further key={one.start} text={mail.body_text} stretch={one} />
          ))}
        </div>
      ) : (
        <p className={style.empty}>The mail has no text.</p>
      )}
      {left > 0 && (
        <button
          type="button"
          className="button outlined"
          onClick={() => setShown([...shown, stretchFrom(mail.body_text, end, FURTHER)])}
        >
          {left > FURTHER ? 'Show more' : 'Show the rest'} ({formatCount(left)} characters)
        </button>
      )}
    </div>
  );
});

/** As much as that, to the end of a line where one ends near. */
function stretchFrom(text: string, start: number, length: number): Stretch {
  if (text.length <= start + length) return { start, end: text.length };
  const line = text.lastIndexOf('\n', start + length);
  return { start, end: line > start + length / 2 ? line + 1 : start + length };
}

/** Without the end of its last line: what follows is another block. */
const textOf = (text: string, { start, end }: Stretch): string =>
  text.slice(start, end < text.length && text[end - 1] === '\n' ? end - 1 : end);

const NONE: Found = [];

/** Behind everything in which fields are looked for. It is drawn once. */
const Further = memo(function Further({ text, stretch }: { text: string; stretch: Stretch }) {
  return <Body text={textOf(text, stretch)} found={NONE} pointed={null} />;
});

/** One or more lines without tables. */
function Text({ text, found, pointed }: { text: string; found: Found; pointed: Field | null }) {
  const stretch = useMemo(() => ({ start: 0, end: text.length }), [text]);
  return <Part text={text} stretch={stretch} found={found} pointed={pointed} />;
}

function Body({ text, found, pointed }: { text: string; found: Found; pointed: Field | null }) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  return blocks.map((block) =>
    'lines' in block ? (
      <div key={block.start} className={style.lines} dir="auto">
        <Part text={text} stretch={block.lines} found={found} pointed={pointed} />
      </div>
    ) : (
      // Wide ones are scrolled, also by the keyboard.
      <div key={block.start} className={style.sheet} role="group" aria-label="Table" tabIndex={0}>
        <table>
          <tbody>
            {block.rows.map((cells) => (
              <tr key={cells[0]?.start}>
                {cells.map((cell, column) => (
                  <td key={cell.start} data-number={block.numbers.has(column) || undefined}>
                    <Part text={text} stretch={cell} found={found} pointed={pointed} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    ),
  );
}

/** Drawn anew when something in it is pointed at, or was: the cutting is done once. */
function Part({
  text,
  stretch,
  found,
  pointed,
}: {
  text: string;
  stretch: Stretch;
  found: Found;
  pointed: Field | null;
}) {
  const pieces = useMemo(() => piecesOf(text, stretch, found), [text, stretch, found]);
  const here = pointed !== null && pieces.some(({ fields }) => fields.includes(pointed)) ? pointed : null;
  return <Pieces pieces={pieces} pointed={here} />;
}

const Pieces = memo(function Pieces({
  pieces,
  pointed,
}: {
  pieces: ReturnType<typeof piecesOf>;
  pointed: Field | null;
}) {
  return pieces.map(({ start, text, fields, href }) => {
    if (href !== undefined) {
      return (
        <a key={start} href={href} target="_blank" rel="noopener noreferrer">
          {text}
        </a>
      );
    }
    if (fields.length === 0) return text;
    return (
      <mark
        key={start}
        tabIndex={-1}
        data-fields={fields.join(' ')}
        data-pointed={(pointed !== null && fields.includes(pointed)) || undefined}
        title={fields.map((field) => WORDS.get(field)).join(', ')}
      >
        {text}
      </mark>
    );
  });
});

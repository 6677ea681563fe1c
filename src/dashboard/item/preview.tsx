// An attachment in a dialog: pictures of dots as such, PDFs in the viewer of the browser, plain text as text, and everything else
// only by its name.
import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { ApiError, useApi } from '../hub/api';
import { formatSize } from '../locale/format';
import { Dialog } from '../ui/dialog';
import { beginsAs, kindWords, type ShownType, shownType, textOf } from './attachment-kind';
import { Waiting } from './part';
import style from './preview.module.css';
import { type Attachment, attachmentPath } from './submission';

type Look =
  | { state: 'reading' }
  | { state: 'picture' | 'pdf'; url: string }
  | { state: 'text'; text: string; left: number }
  /** `retry` where another attempt may help. */
  | { state: 'none'; why: string; retry: boolean };

const WORDS: Partial<Record<ShownType, string>> = { 'application/pdf': 'PDF', 'text/plain': 'text' };
const NONE = (why: string, retry = false): Look => ({ state: 'none', why, retry });

/** Reads an attachment so that it can be looked at; the address of it is taken back when another is. */
function useLook(submission: string, attachment: Attachment, attempt: number): Look {
  const api = useApi();
  const latestApi = useRef(api);
  useLayoutEffect(() => {
    latestApi.current = api;
  });
  const [look, setLook] = useState<Look>({ state: 'reading' });
  useEffect(() => {
    const type = shownType(attachment);
    if (type === null) {
      setLook(NONE('A file of this type is not shown here.'));
      return undefined;
    }
    if (type === 'application/pdf' && !navigator.pdfViewerEnabled) {
      setLook(NONE('This browser shows no PDFs in pages.'));
      return undefined;
    }
    setLook({ state: 'reading' });
    const request = new AbortController();
    let url: string | null = null;
    void (async () => {
      try {
        const path = attachmentPath(submission, attachment.id);
        const answer = await latestApi.current.fetch(path, { signal: request.signal });
        const bytes = new Uint8Array(await answer.arrayBuffer());
        if (request.signal.aborted) return;
        if (!beginsAs(type, bytes)) {
          setLook(NONE(`This is no ${WORDS[type] ?? 'picture'}, whatever its name says.`));
          return;
        }
        if (type === 'text/plain') {
          setLook({ state: 'text', ...textOf(bytes) });
          return;
        }
        // Of our type, not of the sender's: as that the browser opens it, and as nothing else.
        url = URL.createObjectURL(new Blob([bytes], { type }));
        setLook({ state: type === 'application/pdf' ? 'pdf' : 'picture', url });
      } catch (error) {
        if (request.signal.aborted) return;
        setLook(NONE(error instanceof ApiError ? error.message : 'The connection broke off.', true));
      }
    })();
    return () => {
      request.abort();
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [submission, attachment, attempt]);
  return look;
}

export function Preview({
  submission,
  attachments,
  index,
  onIndex,
  onDownload,
  onClose,
}: {
  submission: string;
  attachments: readonly Attachment[];
  index: number;
  onIndex: (index: number) => void;
  onDownload: (attachment: Attachment) => void;
  onClose: () => void;
}) {
  const attachment = attachments[index] as Attachment;
  const { name, size } = attachment;
  const many = attachments.length > 1;
  const go = (by: number): void => onIndex((index + by + attachments.length) % attachments.length);

  function onKeyDown(event: KeyboardEvent): void {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (by === 0 || !many || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(by);
  }

  return (
    <Dialog label={`Attachment ${name}`} className={style.dialog ?? ''} onClose={onClose}>
      <div className={style.preview} id="preview" onKeyDown={onKeyDown}>
        <header>
          <h2 tabIndex={-1} data-first>
            <bdi title={name}>{name}</bdi>
            <span aria-live="polite">
              {kindWords(attachment)}, {formatSize(size)}
              {many && ` · ${index + 1} of ${attachments.length}`}
            </span>
          </h2>
          {many && (
            <>
              <button type="button" className="button icon" aria-label="Previous attachment" onClick={() => go(-1)}>
                <ChevronLeft aria-hidden size={16} />
              </button>
              <button type="button" className="button icon" aria-label="Next attachment" onClick={() => go(1)}>
                <ChevronRight aria-hidden size={16} />
              </button>
            </>
          )}
          <button
            type="button"
            className="button icon"
            aria-label={`Download ${name}`}
            title="Download"
            onClick={() => onDownload(attachment)}
          >
            <Download aria-hidden size={15} />
          </button>
          <button type="button" className="button icon" aria-label="Close" onClick={onClose}>
            <X aria-hidden size={16} />
          </button>
        </header>
        <Shown key={attachment.id} submission={submission} attachment={attachment} onDownload={onDownload} />
      </div>
    </Dialog>
  );
}

/** From the viewer's being there: what takes the focus sooner is hardly the reader, who would only have to click again. */
const SETTLES_MS = 2_000;

/** The viewer takes the focus for what it has to say of a broken file, and with it the keys of the dialog: it is given back. */
function Pdf({ url, name }: { url: string; name: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const settled = useRef(Number.POSITIVE_INFINITY);
  useEffect(() => {
    const before = document.activeElement;
    // All that the page is told is that it has lost the focus, and only afterwards can it have it again.
    const giveBack = (): void => {
      setTimeout(() => {
        const taken = document.activeElement === frame.current && performance.now() < settled.current;
        if (taken && before instanceof HTMLElement) before.focus({ preventScroll: true });
      });
    };
    window.addEventListener('blur', giveBack);
    return () => window.removeEventListener('blur', giveBack);
  }, []);
  return (
    <iframe
      ref={frame}
      className={style.pdf}
      src={`${url}#navpanes=0`}
      title={name}
      onLoad={() => (settled.current = performance.now() + SETTLES_MS)}
    />
  );
}

function Shown({
  submission,
  attachment,
  onDownload,
}: {
  submission: string;
  attachment: Attachment;
  onDownload: (attachment: Attachment) => void;
}) {
  const [attempt, setAttempt] = useState(0);
  const [broken, setBroken] = useState(false);
  const look = useLook(submission, attachment, attempt);
  if (look.state === 'reading') {
    return (
      <div className={style.words}>
        <Waiting words="Reading the attachment" />
      </div>
    );
  }
  if (look.state === 'pdf') return <Pdf url={look.url} name={attachment.name} />;
  if (look.state === 'picture' && !broken) {
    return (
      <div className={style.picture}>
        <img src={look.url} alt={attachment.name} onError={() => setBroken(true)} />
      </div>
    );
  }
  if (look.state === 'text') {
    return (
      // Long ones are scrolled, also by the keyboard.
      <div className={style.text} role="group" aria-label="Text" tabIndex={0}>
        <pre dir="auto">{look.text}</pre>
        {look.left > 0 && <p>{formatSize(look.left)} more are not shown here: download the file to read them.</p>}
      </div>
    );
  }
  const retry = look.state === 'none' && look.retry;
  return (
    <div className={style.words} role="status">
      <p>{look.state === 'none' ? look.why : 'The browser cannot show this picture.'}</p>
      {retry && (
        <button type="button" className="button outlined" onClick={() => setAttempt(attempt + 1)}>
          Try again
        </button>
      )}
      {!retry && (
        <button type="button" className="button primary" onClick={() => onDownload(attachment)}>
          <Download aria-hidden size={15} /> Download
        </button>
      )}
    </div>
  );
}

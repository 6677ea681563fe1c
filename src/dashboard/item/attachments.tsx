// The files that came with a mail: saved with the session's token, or looked at where that is safe.
import { Download, Eye, File, FileText, Image } from 'lucide-react';
import { useRef, useState } from 'react';
import { ApiError, useApi } from '../hub/api';
import { formatSize } from '../locale/format';
import { toast } from '../ui/toasts';
import { kindWords, shownType } from './attachment-kind';
import style from './item-panel.module.css';
import { Preview } from './preview';
import { type Attachment, attachmentPath } from './submission';

/** Time for the browser to begin with what is saved. */
const SAVING_MS = 20_000;

/** Saves an attachment; resolves when the browser has it. */
export function useDownload(submission: string): (attachment: Attachment) => Promise<void> {
  const api = useApi();
  return async ({ id, name }) => {
    try {
      const bytes = await (await api.fetch(attachmentPath(submission, id))).blob();
      // As bytes, whatever it is called: no browser is to open it.
      const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), SAVING_MS);
    } catch (error) {
      const why = error instanceof ApiError ? error.message : 'The connection broke off.';
      toast(`${name} could not be downloaded. ${why}`, { kind: 'failed' });
    }
  };
}

export function Attachments({ submission, attachments }: { submission: string; attachments: readonly Attachment[] }) {
  const [shown, setShown] = useState<number | null>(null);
  const [saving, setSaving] = useState<ReadonlySet<string>>(new Set());
  const download = useDownload(submission);
  const list = useRef<HTMLUListElement>(null);

  async function save(attachment: Attachment): Promise<void> {
    const { id } = attachment;
    setSaving((before) => new Set(before).add(id));
    await download(attachment);
    setSaving((before) => new Set([...before].filter((one) => one !== id)));
  }

  function close(): void {
    const id = shown === null ? undefined : attachments[shown]?.id;
    setShown(null);
    // To the file that was looked at last; behind the dialog, which holds the focus while it is there.
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-attachment="${id}"] button`)?.focus());
  }

  if (attachments.length === 0) return <p className={style.empty}>None.</p>;
  return (
    <>
      <ul className={style.files} ref={list}>
        {attachments.map((attachment, index) => {
          const { id, name, size } = attachment;
          const type = shownType(attachment);
          const Icon = type === null ? File : type.startsWith('image/') ? Image : FileText;
          return (
            <li key={id} data-attachment={id}>
              <Icon aria-hidden size={16} />
              <span className={style.fileName}>
                <bdi title={name}>{name}</bdi>
                <span>
                  {kindWords(attachment)}, {formatSize(size)}
                </span>
              </span>
              {type !== null && size > 0 && (
                <button
                  type="button"
                  className={`button icon ${style.look}`}
                  aria-label={`Look at ${name}`}
                  title={`Look at ${name}`}
                  onClick={() => setShown(index)}
                >
                  <Eye aria-hidden size={15} />
                </button>
              )}
              <button
                type="button"
                className="button icon"
                aria-label={`Download ${name}`}
                title="Download"
                aria-busy={saving.has(id)}
                onClick={() => {
                  if (!saving.has(id)) void save(attachment);
                }}
              >
                <Download aria-hidden size={15} />
              </button>
            </li>
          );
        })}
      </ul>
      {shown !== null && (
        <Preview
          submission={submission}
          attachments={attachments}
          index={shown}
          onIndex={setShown}
          onDownload={(attachment) => void save(attachment)}
          onClose={close}
        />
      )}
    </>
  );
}

// Views under a name, kept in this browser.
import { Bookmark, Link, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { asObject, createStored } from '../notices/stored';
import { useStored } from '../notices/use-stored';
import { Popover } from '../ui/popover';
import { toast } from '../ui/toasts';
import style from './saved-views.module.css';
import { goTo, hashOf, placeOf, usePlace } from './view-url';

export interface SavedView {
  name: string;
  /** The address of the view, from `#` on. */
  hash: string;
}

export const savedViews = createStored<SavedView[]>('views', (found) => {
  const views = new Map<string, SavedView>();
  for (const one of Array.isArray(found) ? found : []) {
    const { name, hash } = asObject(one);
    if (typeof name === 'string' && typeof hash === 'string') views.set(name, { name, hash });
  }
  return [...views.values()];
});

export const showSavedView = ({ hash }: SavedView): void => goTo({ view: placeOf(hash).view, open: null });

export function SavedViews() {
  const [views, setViews] = useStored(savedViews);
  const { view } = usePlace();
  const [name, setName] = useState('');
  const hash = hashOf({ view, open: null });
  const current = views.find((one) => one.hash === hash);

  function save(event: FormEvent): void {
    event.preventDefault();
    const trimmed = name.trim();
    if (!trimmed) return;
    setViews([...views.filter((one) => one.name !== trimmed), { name: trimmed, hash }]);
    setName('');
  }

  async function copyLink(): Promise<void> {
    try {
      await navigator.clipboard.writeText(location.origin + location.pathname + hash);
      toast('The link to this view is copied.');
    } catch {
      toast('The browser does not let the link be copied.', { kind: 'failed' });
    }
  }

  return (
    <div id="views-menu">
      <Popover
        id="views"
        align="end"
        panelLabel="Views"
        className="button"
        label={current ? `View ${current.name}` : 'Views'}
        button={
          <>
            <Bookmark aria-hidden size={14} /> <span className="wide">{current?.name ?? 'Views'}</span>
          </>
        }
      >
        {(close) => (
          <div className={style.views}>
            {views.length === 0 && <p className={style.none}>Filters and order under a name of your own.</p>}
            {views.map((one) => (
              <div key={one.name} className={style.view}>
                <button
                  type="button"
                  aria-current={one === current || undefined}
                  onClick={() => {
                    showSavedView(one);
                    close();
                  }}
                >
                  {one.name}
                </button>
                <button
                  type="button"
                  className="button icon"
                  aria-label={`Delete ${one.name}`}
                  onClick={() => setViews(views.filter((other) => other !== one))}
                >
                  <Trash2 aria-hidden size={14} />
                </button>
              </div>
            ))}
            <form className={style.save} onSubmit={save}>
              <input
                className="field"
                aria-label="Name of this view"
                placeholder="Name of this view"
                maxLength={60}
                value={name}
                onChange={({ target }) => setName(target.value)}
              />
              <button type="submit" className="button primary" disabled={!name.trim()}>
                Save
              </button>
            </form>
            <button type="button" className="button" onClick={() => void copyLink()}>
              <Link aria-hidden size={14} /> Copy link
            </button>
          </div>
        )}
      </Popover>
    </div>
  );
}

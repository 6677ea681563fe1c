// Who did what to an item, the latest first.
import { formatFully, formatMoment } from '../locale/format';
import { statusWords } from '../table/cells';
import { wordsOf } from './history-words';
import style from './item-panel.module.css';
import type { History, HistoryEntry } from './submission';

export function HistoryList({ history, me }: { history: History; me: string }) {
  const { items, names } = history;
  const nameIn =
    ({ by, by_name }: HistoryEntry) =>
    (id: string): string =>
      id === me ? 'You' : (names[id] ?? (id === by ? by_name : null) ?? id);
  return (
    <ol className={style.history} id="history" reversed>
      {items.toReversed().map((entry) => {
        const { who, what } = wordsOf(entry, nameIn(entry), (status) => statusWords(status as never));
        return (
          <li key={entry.version} data-action={entry.action}>
            <p>
              {who && <b>{who}</b>} {what}
              {entry.reason && (
                <>
                  , because <q dir="auto">{entry.reason}</q>
                </>
              )}
            </p>
            <time dateTime={entry.at} title={formatFully(entry.at)}>
              {formatMoment(entry.at)}
            </time>
          </li>
        );
      })}
    </ol>
  );
}

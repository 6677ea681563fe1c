// Says why there is nothing in the list, and what leads to something.
import { formatCount } from '../locale/format';
import style from './empty.module.css';
import { QUEUE_WORDS, type QueueName } from './queue';
import { conditionsOf, PLAIN_VIEW } from './view';
import { useView } from './view-url';

const EMPTY: Record<QueueName, string> = {
  mine: 'Nothing is waiting for you.',
  team: 'Nothing is waiting for the team.',
  pool: 'The pool is empty.',
  all: 'Nothing here yet.',
};

/** @param elsewhere how many items of other queues fit the filters */
export function Empty({ elsewhere }: { elsewhere: number }) {
  const [view, change] = useView();
  if (conditionsOf(view) > 0) {
    return (
      <>
        <p className={style.title}>Nothing in {QUEUE_WORDS[view.queue]} fits the filters.</p>
        <div className={style.ways}>
          {elsewhere > 0 && (
            <button
              type="button"
              className="button primary"
              id="elsewhere"
              onClick={() => change({ queue: 'all' }, 'push')}
            >
              Show {formatCount(elsewhere)} in {QUEUE_WORDS.all} <kbd aria-hidden>G</kbd> <kbd aria-hidden>A</kbd>
            </button>
          )}
          <button
            type="button"
            className="button outlined"
            onClick={() => change({ ...PLAIN_VIEW, queue: view.queue, sorting: view.sorting })}
          >
            Clear filters
          </button>
        </div>
      </>
    );
  }
  return (
    <>
      <p className={style.title}>{EMPTY[view.queue]}</p>
      <p>New work items appear by themselves.</p>
    </>
  );
}

// How much somebody has against who has most: not begun, in work, waiting for an answer. The columns beside it say the same in numbers.
import { formatCount } from '../locale/format';
import type { Counts } from './load';
import style from './tables.module.css';

const PARTS = ['pending', 'in_progress', 'awaiting'] as const;

export function LoadBar({ counts, most }: { counts: Counts; most: number }) {
  return (
    <span className={style.load}>
      <span className={style.number}>{formatCount(counts.open)}</span>
      <span className={style.track} aria-hidden>
        {PARTS.map(
          (part) =>
            counts[part] > 0 && (
              <span key={part} data-part={part} style={{ width: `${(100 * counts[part]) / Math.max(1, most)}%` }} />
            ),
        )}
      </span>
    </span>
  );
}

export function LoadLegend() {
  return (
    <p className={style.legend} aria-hidden>
      <span data-part="pending">To start</span>
      <span data-part="in_progress">In progress</span>
      <span data-part="awaiting">Awaiting an answer</span>
    </p>
  );
}

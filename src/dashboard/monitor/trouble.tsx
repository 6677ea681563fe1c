// Figures that cannot be had, or no newer ones: why, and another try.
import style from './tables.module.css';
import type { Polled } from './polled';

export interface TroubleProps extends Pick<Polled<unknown>, 'trouble' | 'retry'> {
  /** What it means for what is shown. */
  words: string;
}

export function Trouble({ words, trouble, retry }: TroubleProps) {
  if (trouble === null) return null;
  return (
    <p className={style.trouble} role="alert">
      <span>
        {words}: {trouble}
      </span>
      <button type="button" className="button outlined" onClick={retry}>
        Try again
      </button>
    </p>
  );
}

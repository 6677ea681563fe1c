// One part of the panel under a heading, and what stands in it while it is read or when it could not be.
import { useConnection } from '@workitem-hub/client/react';
import type { ReactNode } from 'react';
import type { ApiError } from '../hub/api';
import style from './item-panel.module.css';
import type { Reading } from './reading';

export function Part({
  name,
  words,
  count,
  children,
}: {
  name: string;
  words: string;
  /** How many there are, where that is worth saying. */
  count?: number | undefined;
  children: ReactNode;
}) {
  return (
    <section className={style.part} id={`item-${name}`} aria-labelledby={`item-${name}-words`}>
      <h3 id={`item-${name}-words`} tabIndex={-1}>
        {words}
        {count !== undefined && <span className={style.count}>{count}</span>}
      </h3>
      {children}
    </section>
  );
}

/** Lines where something is going to stand; seen only when that takes a while. */
export function Waiting({ words, lines = 3 }: { words: string; lines?: number }) {
  return (
    <div className={style.waiting} role="status">
      <span className="unseen">{words}</span>
      {Array.from({ length: lines }, (_, index) => (
        <i key={index} />
      ))}
    </div>
  );
}

/** @param kept whether what was read before still stands there */
export function Failure({
  what,
  error,
  busy,
  kept = false,
  onRetry,
}: {
  what: string;
  error: ApiError;
  busy: boolean;
  kept?: boolean;
  onRetry: () => void;
}) {
  const offline = useConnection().name !== 'connected';
  return (
    <div className={style.failure} role="status">
      <p>
        {error.code === 'not_found'
          ? `${what} is not yours to see any more.`
          : offline
            ? kept
              ? `You are offline. ${what} is shown as it was read last.`
              : `You are offline. ${what} is read as soon as the hub is back.`
            : `${what} could not be read. ${error.message}`}
      </p>
      {!offline && error.code !== 'not_found' && (
        <button type="button" className="button outlined" disabled={busy} onClick={onRetry}>
          {busy ? 'Trying…' : 'Try again'}
        </button>
      )}
    </div>
  );
}

/** What was read; above it why it could not be read again, in its place why it could not be read at all. */
export function Read<T>({
  reading,
  what,
  children,
}: {
  reading: Reading<T> & { retry: () => void };
  what: string;
  children: (value: T) => ReactNode;
}) {
  const { value, error, busy, retry } = reading;
  return (
    <>
      {error && <Failure what={what} error={error} busy={busy} kept={value !== undefined} onRetry={retry} />}
      {value !== undefined ? children(value) : !error && <Waiting words={`${what} is being read`} />}
    </>
  );
}

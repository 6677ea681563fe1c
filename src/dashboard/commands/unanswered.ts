// What was asked for and has no answer yet: whoever goes now leaves it behind.
import { perClient } from '../hub/per-client';
import { formatCount } from '../locale/format';
import { createValue } from '../ui/value';

export interface Unanswered {
  /** Changes that wait for the hub, or to be sent to it. */
  readonly waiting: number;
  /** Changes that the end of the session has dropped. */
  readonly dropped: number;
}

/** That of one session. */
export const unansweredOf = perClient(() => createValue<Unanswered>({ waiting: 0, dropped: 0 }));

/** `1 change was`, `3 changes were`: as a sentence begins. */
export const changesWere = (count: number): string =>
  `${formatCount(count)} ${count === 1 ? 'change was' : 'changes were'}`;

// From a figure of the monitor to the items that it counts.
import type { ReactNode } from 'react';
import { PLAIN_VIEW, type View } from '../queues/view';
import { hashOf } from '../queues/view-url';
import style from './tables.module.css';

/** @param of what the open items of the list have in common */
export function ListLink({ of, children }: { of: Partial<View>; children: ReactNode }) {
  return (
    <a className={style.link} href={hashOf({ view: { ...PLAIN_VIEW, ...of }, open: null })}>
      {children}
    </a>
  );
}

// What fails a run: only that something no longer holds which held in the last recorded one. What never held is printed, and is work to do,
// but not a reason to stop others.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Row } from './report.js';

/** Ids of the rows that held in the last recorded run, by part. */
export type Held = Readonly<Record<string, readonly string[]>>;

/** So far beyond its bound a figure may be that held before: what the same code differs by from run to run. */
export const MARGIN = 0.1;

const FILE = fileURLToPath(new URL('held.json', import.meta.url));

export const readHeld = (): Held => JSON.parse(readFileSync(FILE, 'utf8')) as Held;

export const writeHeld = (held: Held): void => writeFileSync(FILE, `${JSON.stringify(held, null, 2)}\n`);

/** Ids of the rows of a part that held before and do not any more, or are not measured any more. */
export function regressions(held: Held, part: string, rows: readonly Pick<Row, 'id' | 'beyond'>[]): string[] {
  const good = new Set(rows.filter(({ beyond }) => beyond <= MARGIN).map(({ id }) => id));
  return (held[part] ?? []).filter((id) => !good.has(id));
}

/** With this part as it was measured now: rows that hold, without any margin. What is only shown is not held to anything. */
export function record(held: Held, part: string, rows: readonly Pick<Row, 'id' | 'expected' | 'holds'>[]): Held {
  const ids = rows.filter(({ expected, holds }) => expected !== null && holds).map(({ id }) => id);
  return { ...held, [part]: ids };
}

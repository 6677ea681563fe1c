// The result of a run, as a table that people and Markdown can read.
import type { Tally } from './run.js';

const HEAD = [
  'fault',
  'seeds',
  'operations',
  'lost',
  'duplicated',
  'reordered',
  'leaked',
  'wrong',
  'recovery, median',
  'worst',
  'longest pause',
];

export function tableOf(tallies: readonly Tally[]): string {
  const rows = tallies.map(({ name, seeds, operations, counts, recoveries, pause }) => {
    const { lost, duplicated, reordered, leaked, wrong } = counts;
    return [
      name,
      ...[seeds, operations, lost, duplicated, reordered, leaked, wrong].map((count) => count.toLocaleString('en')),
      recoveries.length > 0 ? seconds(medianOf(recoveries)) : '–',
      recoveries.length > 0 ? seconds(Math.max(...recoveries)) : '–',
      pause === null ? '–' : seconds(pause),
    ];
  });
  const widths = HEAD.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(HEAD), rule, ...rows.map(line)].join('\n');
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export const isSound = ({ counts }: Tally): boolean => Object.values(counts).every((count) => count === 0);

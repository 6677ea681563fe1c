// A table whose columns can be sorted by. Where there is no room for many columns beside each other, each row takes several lines.
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import style from './tables.module.css';

export interface SortedColumn<R> {
  name: string;
  words: string;
  numeric?: boolean;
  /** What is sorted by; a column without one, such as buttons, is not sorted. */
  value?: (row: R) => string | number;
  cell: (row: R) => ReactNode;
}

export interface SortedTableProps<R> {
  id: string;
  label: string;
  rows: readonly R[];
  columns: readonly SortedColumn<R>[];
  keyOf: (row: R) => string;
  /** The column that is sorted by at first. */
  by: string;
  /** Said when there are no rows. */
  empty: string;
}

/** From as many columns on, a phone has no room for them. */
const MANY = 4;

const compare = (a: string | number, b: string | number): number =>
  typeof a === 'string' || typeof b === 'string' ? String(a).localeCompare(String(b)) : a - b;

export function SortedTable<R>({ id, label, rows, columns, keyOf, by, empty }: SortedTableProps<R>) {
  const first = (name: string): boolean => columns.find((one) => one.name === name)?.numeric ?? false;
  const [order, setOrder] = useState({ by, descending: first(by) });
  const sorted = useMemo(() => {
    const value = columns.find((one) => one.name === order.by)?.value;
    if (!value) return rows;
    const way = order.descending ? -1 : 1;
    return rows.toSorted((a, b) => way * compare(value(a), value(b)) || compare(keyOf(a), keyOf(b)));
  }, [rows, columns, order, keyOf]);

  // The roles are said: a browser may take a table that is not laid out as one for none.
  return (
    <div className={style.scroll} role="region" aria-label={label} tabIndex={0} data-keys="own">
      <table id={id} className={style.table} role="table" data-many={columns.length >= MANY || undefined}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ name, words, numeric, value }) => {
              const active = order.by === name;
              return (
                <th
                  key={name}
                  scope="col"
                  role="columnheader"
                  className={numeric ? style.numeric : undefined}
                  aria-sort={value && (active ? (order.descending ? 'descending' : 'ascending') : 'none')}
                >
                  {value ? (
                    <button
                      type="button"
                      data-sort={name}
                      onClick={() => setOrder({ by: name, descending: active ? !order.descending : first(name) })}
                    >
                      {words}
                      {active &&
                        (order.descending ? <ArrowDown aria-hidden size={12} /> : <ArrowUp aria-hidden size={12} />)}
                    </button>
                  ) : (
                    <span className="unseen">{words}</span>
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {sorted.map((row) => (
            <tr key={keyOf(row)} role="row" data-row={keyOf(row)}>
              {columns.map(({ name, words, numeric, cell }, index) => {
                const className = numeric ? style.numeric : undefined;
                const content = cell(row);
                return index === 0 ? (
                  <th key={name} scope="row" role="rowheader" data-cell={name}>
                    {content}
                  </th>
                ) : (
                  <td
                    key={name}
                    role="cell"
                    className={className}
                    data-cell={name}
                    data-words={numeric ? words : undefined}
                  >
                    {content}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className={style.none}>{empty}</p>}
    </div>
  );
}

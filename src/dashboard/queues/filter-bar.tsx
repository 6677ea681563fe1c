// The conditions of a view, as chips: what is set shows its value.
import { type Item, type Status, STATUSES } from '@workitem-hub/client';
import { useWorkItems } from '@workitem-hub/client/react';
import { ChevronDown, X } from 'lucide-react';
import { memo, type ReactNode, useId, useMemo, useState } from 'react';
import { formatCompact, formatDay } from '../locale/format';
import { statusWords } from '../table/cells';
import checks from '../ui/checks.module.css';
import { Popover } from '../ui/popover';
import { nameIn, useColleagues } from '../commands/people';
import { OPEN } from './queue';
import { conditionsOf, isAmount, PLAIN_VIEW, type View } from './view';
import { useView } from './view-url';
import style from './filter-bar.module.css';

const CURRENCIES = ['GBP', 'USD', 'EUR', 'AUD', 'CAD', 'CHF', 'JPY', 'SGD', 'HKD', 'NZD'];
/** A person is their id behind an `@`. */
const WHOSE: Partial<Record<string, string>> = { any: 'Anybody', me: 'Me', none: 'Nobody' };

export const FilterBar = memo(function FilterBar({ me }: { me: string }) {
  const [view, change] = useView();
  const colleagues = useColleagues();
  const whose = (wanted: View['assigned']): string => WHOSE[wanted] ?? nameIn(colleagues, wanted.slice(1));
  const { status, classes, teams, broker, assigned, currency, min, max, from, to } = view;
  const isOpen = status === 'open';
  const chosen: readonly string[] = status === 'open' ? OPEN : status === 'any' ? STATUSES : status;

  const limit = [min === null ? '' : `≥ ${formatCompact(min)}`, max === null ? '' : `≤ ${formatCompact(max)}`];
  const days = [from && `from ${formatDay(from)}`, to && `to ${formatDay(to)}`];
  return (
    <div className={style.bar} role="group" aria-label="Filters">
      <Chip
        name="Status"
        value={isOpen ? 'Open' : status === 'any' ? 'Any' : summary(status.map(statusWords))}
        set={!isOpen}
        onClear={() => change({ status: 'open' })}
      >
        {() => (
          <>
            <div className={style.presets}>
              <button type="button" aria-pressed={isOpen} onClick={() => change({ status: 'open' })}>
                Open
              </button>
              <button type="button" aria-pressed={status === 'any'} onClick={() => change({ status: 'any' })}>
                Any
              </button>
            </div>
            <Checks
              all={STATUSES}
              chosen={chosen}
              words={(one) => statusWords(one as Status)}
              onChange={(next) => {
                const listed = STATUSES.filter((one) => next.includes(one));
                const same = listed.length === OPEN.length && listed.every((one) => OPEN.includes(one));
                change({
                  status: same || listed.length === 0 ? 'open' : listed.length === STATUSES.length ? 'any' : listed,
                });
              }}
            />
          </>
        )}
      </Chip>
      <Chip name="Class" value={summary(classes)} set={classes.length > 0} onClear={() => change({ classes: [] })}>
        {() => (
          <Choices me={me}>
            {(there) => (
              <Checks
                all={union(there.classes, classes)}
                chosen={classes}
                onChange={(next) => change({ classes: next })}
              />
            )}
          </Choices>
        )}
      </Chip>
      <Chip name="Team" value={summary(teams)} set={teams.length > 0} onClear={() => change({ teams: [] })}>
        {() => (
          <Choices me={me}>
            {(there) => (
              <Checks all={union(there.teams, teams)} chosen={teams} onChange={(next) => change({ teams: next })} />
            )}
          </Choices>
        )}
      </Chip>
      <Chip
        name="With"
        value={assigned === 'any' ? '' : whose(assigned)}
        set={assigned !== 'any'}
        onClear={() => change({ assigned: 'any' })}
      >
        {() => (
          <Choices me={me}>
            {(there) => (
              <div className={checks.checks}>
                {(['any', 'me', 'none', ...there.people.map((one) => `@${one}`)] as View['assigned'][]).map((one) => (
                  <label key={one}>
                    <input
                      type="radio"
                      name="with"
                      checked={assigned === one}
                      onChange={() => change({ assigned: one })}
                    />
                    {whose(one)}
                  </label>
                ))}
              </div>
            )}
          </Choices>
        )}
      </Chip>
      <Chip
        name="Limit"
        value={limit.some(Boolean) ? `${currency} ${limit.filter(Boolean).join(' ')}` : ''}
        set={min !== null || max !== null}
        onClear={() => change({ min: null, max: null })}
      >
        {() => (
          <div className={style.fields}>
            <label>
              Currency
              <select className="field" value={currency} onChange={({ target }) => change({ currency: target.value })}>
                {union(CURRENCIES, [currency]).map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            </label>
            <Amount words="At least" value={min} onChange={(next) => change({ min: next })} />
            <Amount words="At most" value={max} onChange={(next) => change({ max: next })} />
          </div>
        )}
      </Chip>
      <Chip
        name="Effective"
        value={days.filter(Boolean).join(' ')}
        set={Boolean(from || to)}
        onClear={() => change({ from: '', to: '' })}
      >
        {() => (
          <div className={style.fields}>
            <label>
              From
              <input
                type="date"
                className="field"
                value={from}
                onChange={({ target }) => change({ from: target.value })}
              />
            </label>
            <label>
              To
              <input type="date" className="field" value={to} onChange={({ target }) => change({ to: target.value })} />
            </label>
          </div>
        )}
      </Chip>
      <Chip name="Broker" value={broker} set={broker !== ''} onClear={() => change({ broker: '' })}>
        {() => (
          <div className={style.fields}>
            <label>
              Broker contains
              <input
                type="text"
                className="field"
                value={broker}
                maxLength={200}
                onChange={({ target }) => change({ broker: target.value })}
              />
            </label>
          </div>
        )}
      </Chip>
      {conditionsOf(view) > 0 && (
        <button
          type="button"
          className="button"
          id="clear-filters"
          onClick={() => change({ ...PLAIN_VIEW, queue: view.queue, sorting: view.sorting })}
        >
          Clear
        </button>
      )}
    </div>
  );
});

function Chip({
  name,
  value,
  set,
  onClear,
  children,
}: {
  name: string;
  value: string;
  set: boolean;
  onClear: () => void;
  /** What opens below it. */
  children: () => ReactNode;
}) {
  return (
    <div className={style.chip} data-set={set || undefined} data-filter={name.toLowerCase()}>
      <Popover
        className={style.chipButton}
        panelLabel={name}
        button={
          <>
            <span className={style.name}>{name}</span>
            {value && <span className={style.value}>{value}</span>}
            {!set && <ChevronDown aria-hidden size={12} />}
          </>
        }
      >
        {children}
      </Popover>
      {set && (
        <button type="button" className={style.clear} aria-label={`Clear ${name}`} onClick={onClear}>
          <X aria-hidden size={12} />
        </button>
      )}
    </div>
  );
}

function Checks({
  all,
  chosen,
  words = (one) => one,
  onChange,
}: {
  all: readonly string[];
  chosen: readonly string[];
  words?: (one: string) => string;
  onChange: (next: string[]) => void;
}) {
  if (all.length === 0) return <p className={style.none}>None so far</p>;
  return (
    <div className={checks.checks}>
      {all.map((one) => (
        <label key={one}>
          <input
            type="checkbox"
            checked={chosen.includes(one)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, one] : chosen.filter((other) => other !== one))
            }
          />
          {words(one)}
        </label>
      ))}
    </div>
  );
}

function Amount({
  words,
  value,
  onChange,
}: {
  words: string;
  value: number | null;
  onChange: (value: number | null) => void;
}) {
  // What is typed and cannot be looked for stays to be mended.
  const [wrong, setWrong] = useState<string | null>(null);
  const note = useId();
  return (
    <label>
      {words}
      <input
        type="number"
        className="field"
        min="0"
        step="any"
        value={wrong ?? value ?? ''}
        aria-invalid={wrong !== null || undefined}
        aria-describedby={note}
        onChange={({ target: { value: typed, validity } }) => {
          const fits = !validity.badInput && (typed === '' || isAmount(Number(typed)));
          setWrong(fits ? null : typed);
          onChange(fits && typed !== '' ? Number(typed) : null);
        }}
      />
      <small id={note} role="status" className={style.wrong}>
        {wrong !== null && 'Not from 0.01 to 999 trillion: not looked for.'}
      </small>
    </label>
  );
}

const summary = (values: readonly string[]): string =>
  values.length > 2 ? `${values[0]} +${values.length - 1}` : values.join(', ');

const union = (one: readonly string[], other: readonly string[]): string[] => [...new Set([...one, ...other])];

/** What there is to choose from, live; looked for only while something is open. */
function Choices({ me, children }: { me: string; children: (there: ReturnType<typeof choicesOf>) => ReactNode }) {
  const items = useWorkItems();
  return children(useMemo(() => choicesOf(items, me), [items, me]));
}

/** The classes, teams and people that there are. */
function choicesOf(items: readonly Item[], me: string) {
  const classes = new Set<string>();
  const teams = new Set<string>();
  const people = new Set<string>();
  for (const { extracted_fields, team, assigned_to } of items) {
    if (extracted_fields.policy_type) classes.add(extracted_fields.policy_type);
    if (team) teams.add(team);
    if (assigned_to !== null && assigned_to !== me) people.add(assigned_to);
  }
  return { classes: [...classes].sort(), teams: [...teams].sort(), people: [...people].sort() };
}

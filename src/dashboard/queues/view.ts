// What one looks at: a queue, its filters, an order. A view is a value; its text stands in the address, so that a link shows the same.
import { type Filter, type Item, type Money, STATUSES, type Status } from '@workitem-hub/client';
import { type ColumnName, isColumn } from '../table/columns';
import { inQueue, OPEN, QUEUES, type QueueName } from './queue';

export interface Sorting {
  column: ColumnName;
  descending: boolean;
}

export interface View {
  queue: QueueName;
  /** `open` is what is not over, `any` everything. */
  status: 'open' | 'any' | readonly Status[];
  classes: readonly string[];
  teams: readonly string[];
  broker: string;
  /** Whose, by id; `none` is nobody's, `any` no condition. */
  assigned: 'any' | 'none' | 'me' | `@${string}`;
  currency: string;
  /** In the currency. */
  min: number | null;
  max: number | null;
  /** `YYYY-MM-DD`. */
  from: string;
  to: string;
  text: string;
  sorting: Sorting;
}

export const PLAIN_VIEW: View = {
  queue: 'all',
  status: 'open',
  classes: [],
  teams: [],
  broker: '',
  assigned: 'any',
  currency: 'GBP',
  min: null,
  max: null,
  from: '',
  to: '',
  text: '',
  sorting: { column: 'received', descending: true },
};

/** The parameters of a view; what is as usual is left out. */
export function viewToParams(view: View): URLSearchParams {
  const params = new URLSearchParams();
  const put = (name: string, value: string): void => {
    if (value) params.set(name, value);
  };
  if (view.status !== 'open') put('status', typeof view.status === 'string' ? view.status : view.status.join(','));
  for (const one of view.classes) params.append('class', one);
  for (const one of view.teams) params.append('team', one);
  put('broker', view.broker);
  if (view.assigned !== 'any') put('assigned', view.assigned);
  if (view.min !== null || view.max !== null) put('limit', `${view.currency} ${view.min ?? ''}-${view.max ?? ''}`);
  if (view.from || view.to) put('effective', `${view.from}/${view.to}`);
  put('q', view.text);
  const { column, descending } = view.sorting;
  if (column !== 'received' || !descending) put('sort', (descending ? '-' : '') + column);
  return params;
}

/** Amounts that a limit can be, and an address can say. */
export const isAmount = (amount: number): boolean => amount === 0 || (amount >= 0.01 && amount < 1e15);

/** Browsers take the 31st of February for a day of March. */
function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** The view that parameters describe; what makes no sense in them is as usual. */
export function viewFromParams(queue: string, params: URLSearchParams): View {
  const all = (name: string): string[] => [...new Set(params.getAll(name))].filter(Boolean);
  const status = params.get('status') ?? 'open';
  const listed = status.split(',').filter((one): one is Status => (STATUSES as readonly string[]).includes(one));
  const amount = (text: string | undefined): number | null => (text && isAmount(Number(text)) ? Number(text) : null);
  const limit = /^([A-Z]{3}) (\d+(?:\.\d+)?)?-(\d+(?:\.\d+)?)?$/.exec(params.get('limit') ?? '');
  const [from = '', to = ''] = (params.get('effective') ?? '').split('/');
  const assigned = params.get('assigned') ?? 'any';
  const sort = params.get('sort') ?? '-received';
  const column = sort.replace(/^-/, '');
  return {
    queue: (QUEUES as readonly string[]).includes(queue) ? (queue as QueueName) : 'all',
    status: status === 'any' ? 'any' : listed.length > 0 ? listed : 'open',
    classes: all('class'),
    teams: all('team'),
    broker: params.get('broker') ?? '',
    assigned: /^(any|none|me|@.+)$/.test(assigned) ? (assigned as View['assigned']) : 'any',
    currency: limit?.[1] ?? PLAIN_VIEW.currency,
    min: amount(limit?.[2]),
    max: amount(limit?.[3]),
    from: isDay(from) ? from : '',
    to: isDay(to) ? to : '',
    text: params.get('q') ?? '',
    sorting: isColumn(column) ? { column, descending: sort.startsWith('-') } : PLAIN_VIEW.sorting,
  };
}

/** The part of a view that the hub's own rule of filters can say. */
export function filterOf(view: View): Filter {
  const money = (amount: number | null): Money | undefined =>
    amount === null ? undefined : { currency: view.currency, amount };
  return {
    status: view.status === 'any' ? undefined : [...(view.status === 'open' ? OPEN : view.status)],
    policy_type: [...view.classes],
    team: [...view.teams],
    broker: view.broker,
    assigned: view.assigned === 'me' || view.assigned === 'none' ? view.assigned : undefined,
    min_coverage: money(view.min),
    max_coverage: money(view.max),
    effective_from: view.from || undefined,
    effective_to: view.to || undefined,
    text: view.text,
  };
}

/** What the rest of a view leaves of items that its filter has let through; the same array where that is all of them. */
export function partOf(items: readonly Item[], view: View, sub: string): readonly Item[] {
  return view.queue === 'all' && !view.assigned.startsWith('@') ? items : items.filter(restOf(view, sub));
}

function restOf({ queue, assigned }: View, sub: string): (item: Item) => boolean {
  const holder = assigned.startsWith('@') ? assigned.slice(1) : null;
  return (item) => inQueue(queue, item, sub) && (holder === null || item.assigned_to === holder);
}

/** How many conditions a view has beside its queue. */
export function conditionsOf(view: View): number {
  const { status, classes, teams, broker, assigned, min, max, from, to, text } = view;
  return [
    status !== 'open',
    classes.length > 0,
    teams.length > 0,
    broker,
    assigned !== 'any',
    min !== null || max !== null,
    from || to,
    text,
  ].filter(Boolean).length;
}

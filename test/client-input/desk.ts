// An application on the client, and everything that the client told it.
import {
  type CaughtUpReport,
  createWorkItemClient,
  type ItemEvent,
  type StateName,
  type WorkItemClient,
  type WorkItemClientOptions,
  type WorkItemError,
} from '@workitem-hub/client';
import { until } from '../support/until.js';

export interface Desk {
  readonly client: WorkItemClient;
  readonly events: ItemEvent[];
  readonly reports: CaughtUpReport[];
  /** `state` or `state:code`. */
  readonly states: string[];
  readonly errors: WorkItemError[];
  codes(): string[];
  /** Resolves when it is in this state. */
  is(state: StateName): Promise<void>;
}

/** Waits between tries, short enough for tests. */
export const SOON = { minMs: 10, maxMs: 60 };

/** A client that has not connected yet. */
export function openDesk(
  options: Partial<WorkItemClientOptions> & Pick<WorkItemClientOptions, 'url' | 'getToken'>,
): Desk {
  const client = createWorkItemClient({ backoff: SOON, ...options });
  const events: ItemEvent[] = [];
  const reports: CaughtUpReport[] = [];
  const states: string[] = [];
  const errors: WorkItemError[] = [];
  client.on('event', (event) => void events.push(event));
  client.on('caught_up', (report) => void reports.push(report));
  client.on('state', ({ name, code }) => void states.push(code ? `${name}:${code}` : name));
  client.on('error', (error) => void errors.push(error));
  return {
    client,
    events,
    reports,
    states,
    errors,
    codes: () => errors.map(({ code }) => code),
    is: (state) => until(() => client.state.name === state, 8_000),
  };
}

/** The same, connecting. */
export function startDesk(options: Parameters<typeof openDesk>[0]): Desk {
  const desk = openDesk(options);
  desk.client.connect();
  return desk;
}

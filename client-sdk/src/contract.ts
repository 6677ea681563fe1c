// The wire contract of workitem-hub: names, payload shapes and codes. Its only home, with `request-schemas.ts` and `event-schemas.ts`, which check these shapes:
// the hub imports both from here.
/** Version of this contract; handshake and `ready` carry it. */
export const CONTRACT = 1;
/** The oldest version that this side still understands. */
export const OLDEST_CONTRACT = 1;

/** Codes of refused requests: HTTP bodies, acknowledgements and connect errors carry one of them. */
export const ERROR_CODES = [
  'invalid',
  'unauthenticated',
  'token_expired',
  'forbidden',
  'not_found',
  'conflict',
  'resync',
  'too_large',
  'rate_limited',
  'unavailable',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Shape of every refusal. */
export interface WireError {
  code: ErrorCode;
  message: string;
  details?: unknown;
}

/** Close codes of the raw WebSocket. */
export const CLOSE = {
  goingAway: 1001,
  tooBig: 1009,
  restart: 1012,
  tryLater: 1013,
  invalid: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  heartbeat: 4408,
  tooSlow: 4413,
  rateLimited: 4429,
} as const;

export const STATUSES = [
  'pending',
  'in_progress',
  'needs_info',
  'referred',
  'quoted',
  'bound',
  'declined',
  'withdrawn',
  'completed',
] as const;
export type Status = (typeof STATUSES)[number];

/** Statuses that one may only set with a reason. */
export const REASON_REQUIRED: readonly Status[] = ['referred', 'declined', 'withdrawn'];
/** The longest reason, in UTF-16 units. */
export const MAX_REASON = 2_000;

/** What was read out of the mail, each a text as people write it, or `null` when the mail does not say. */
export interface ExtractedFields {
  insured_name: string | null;
  policy_type: string | null;
  /** `$2,000,000`, `£2,000,000`, `€2,000,000`, else `AUD 20,000,000`. */
  coverage_amount: string | null;
  /** `YYYY-MM-DD`. */
  effective_date: string | null;
  broker: string | null;
}

/** A work item as every client sees it; data of `new_workitem`, and `item` of the other events. */
export interface Item {
  id: number;
  submission_id: number;
  submission_ref: string;
  subject: string;
  from_email: string | null;
  /** ISO 8601 UTC, as all times. */
  created_at: string;
  status: Status;
  extracted_fields: ExtractedFields;
  /** Id of the person who has it. */
  assigned_to: string | null;
  team: string | null;
  /** Counts the changes of the item, from 1. */
  version: number;
  updated_at: string;
}

export interface StatusUpdate {
  submission_ref: string;
  status: Status;
  updated_at: string;
  id: number;
  version: number;
  previous_status: Status;
  by: string | null;
  reason: string | null;
  item: Item;
}

/** A claim, an assignment or a release. */
export interface WorkitemAssigned {
  id: number;
  submission_ref: string;
  assigned_to: string | null;
  team: string | null;
  previous_assigned_to: string | null;
  previous_status: Status;
  by: string | null;
  version: number;
  item: Item;
}

export interface WorkitemUpdated {
  id: number;
  /** Names of the fields that changed. */
  changed: string[];
  version: number;
  item: Item;
}

/** The events of the log that concern an item, by name. */
export interface ItemEventData {
  new_workitem: Item;
  status_update: StatusUpdate;
  workitem_assigned: WorkitemAssigned;
  workitem_updated: WorkitemUpdated;
}
export type ItemEventName = keyof ItemEventData;

/** Second argument of every server event: where in the log it stands. `at` is ISO 8601 UTC. */
export interface EventMeta {
  epoch: string;
  seq: number;
  at: string;
}

/** "I have everything of this scope up to here." Without `scope` it is taken at its word. */
export interface Position {
  epoch: string;
  seq: number;
  scope?: string | undefined;
}

/** An amount in one currency. */
export interface Money {
  /** ISO 4217, as `GBP`. */
  currency: string;
  amount: number;
}

/** Which items a stream or a list shows: all conditions must hold; unknown keys are refused. */
export interface Filter {
  status?: Status[] | undefined;
  policy_type?: string[] | undefined;
  broker?: string | undefined;
  from_domain?: string | undefined;
  team?: string[] | undefined;
  assigned?: 'me' | 'none' | 'any' | undefined;
  min_coverage?: Money | undefined;
  max_coverage?: Money | undefined;
  /** `YYYY-MM-DD`. */
  effective_from?: string | undefined;
  effective_to?: string | undefined;
  text?: string | undefined;
}

/** `auth` of the Socket.IO handshake. */
export interface Handshake {
  token?: string | undefined;
  position?: Position | null | undefined;
  filter?: Filter | null | undefined;
  /** 1–64 of `A-Za-z0-9._-`: names a client whose progress the hub keeps; scoped to the user. */
  client_id?: string | null | undefined;
  /** The contract that the client speaks; one that names none speaks version 1. */
  contract?: number | undefined;
}

/** Bodies of the commands: `id` travels in the path on HTTP, in the body on Socket.IO. `command_id` is a uuid. */
export interface ClaimBody {
  version?: number | undefined;
  command_id?: string | undefined;
}
export interface AssignBody {
  /** `null` releases. */
  assigned_to: string | null;
  /** Absent keeps it, `null` clears it. */
  team?: string | null | undefined;
  version: number;
  command_id?: string | undefined;
}
export interface SetStatusBody {
  status: Status;
  reason?: string | null | undefined;
  version: number;
  command_id?: string | undefined;
}
export interface AckBody {
  epoch: string;
  seq: number;
  scope?: string | undefined;
}

export const ROLES = ['underwriter', 'supervisor', 'admin', 'intake'] as const;
export type Role = (typeof ROLES)[number];

/** Who a token speaks for. */
export interface Principal {
  sub: string;
  name: string | null;
  email: string | null;
  roles: Role[];
  teams: string[];
}

export type ResyncReason = 'epoch_changed' | 'ahead_of_log' | 'below_floor' | 'rights_changed' | 'filter_changed';

/** First event of every stream; `seq` is where it starts. */
export interface Ready {
  epoch: string;
  seq: number;
  scope: string;
  verdict: 'fresh' | 'resumed' | 'resync';
  reason?: ResyncReason;
  principal: Principal;
  /** ISO 8601: the stream is cut then, unless the token is refreshed. */
  expires_at: string;
  contract: number;
}
export interface CaughtUp {
  epoch: string;
  seq: number;
  count: number;
}
export interface Head {
  epoch: string;
  seq: number;
}
export interface ResyncRequired {
  reason: ResyncReason;
  lowest_seq: number;
  scope: string;
}
export interface TokenExpiring {
  expires_at: string;
}
export interface Draining {
  reconnect_after_ms: number;
}

/** Server events that are not about an item. */
export interface ControlEventData {
  ready: Ready;
  caught_up: CaughtUp;
  head: Head;
  resync_required: ResyncRequired;
  token_expiring: TokenExpiring;
  draining: Draining;
}
export type ControlEventName = keyof ControlEventData;

/** A person as their last token said; `GET /api/people`, for supervisors. */
export interface Person {
  /** The token's `sub`. */
  id: string;
  name: string | null;
  email: string | null;
  roles: Role[];
  teams: string[];
  /** ISO 8601; at most 10 minutes older than the truth. `null`: never yet. */
  last_seen: string | null;
  /** Has a socket in some process. */
  online: boolean;
}

/** `GET /api/statistics`, for supervisors. Times are ISO 8601, hours the beginning of an hour in UTC, lengths of time whole seconds. */
export interface Statistics {
  as_of: string;
  /** The last 24 hours, the present one included, oldest first. */
  arrivals: { hour: string; count: number }[];
  /**
   * From an item's arrival until somebody first had it, of items that arrived in these hours and that nobody had from the
   * start. `null`: there was none. Quantiles by the nearest rank.
   */
  time_to_claim: {
    median_s: number | null;
    p90_s: number | null;
    count: number;
    /** By the hour of arrival. */
    per_hour: { hour: string; median_s: number | null }[];
  };
  /** Open items: who has them and which team they are for, the fullest first. */
  load: {
    people: ({ id: string; name: string | null; open: number } & Record<OpenStatus, number>)[];
    /** `team` is `null` for what is for no team. */
    teams: { team: string | null; pending: number; open: number }[];
  };
  /** All items. */
  statuses: Record<Status, number>;
}

/** Statuses of items that are not closed. */
export type OpenStatus = 'pending' | 'in_progress' | 'needs_info' | 'referred' | 'quoted';

export type Ack<T = object> = ({ ok: true } & T) | { ok: false; error: WireError };
type Reply<T = object> = (answer: Ack<T>) => void;

/** Typed events of the `/workitems` namespace, for `Server<ClientEvents, ServerEvents>` and `Socket<ServerEvents, ClientEvents>`. */
export type ServerEvents = {
  [N in ItemEventName]: (data: ItemEventData[N], meta: EventMeta) => void;
} & { [N in ControlEventName]: (data: ControlEventData[N], meta: EventMeta) => void };

export interface ClientEvents {
  set_filter: (body: { filter: Filter | null }, reply: Reply<{ scope: string; position: Position }>) => void;
  refresh_token: (
    body: { token: string },
    reply: Reply<{ expires_at: string; principal: Principal; scope: string }>,
  ) => void;
  ack: (body: AckBody, reply: Reply<{ epoch: string; seq: number }>) => void;
  /** Asks for nothing but an answer. */
  ping: (body: object, reply: Reply) => void;
  claim: (body: ClaimBody & { id: number }, reply: Reply<{ item: Item }>) => void;
  assign: (body: AssignBody & { id: number }, reply: Reply<{ item: Item }>) => void;
  set_status: (body: SetStatusBody & { id: number }, reply: Reply<{ item: Item }>) => void;
}

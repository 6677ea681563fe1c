// What an operator can ask of a running hub, as Prometheus reads it. Labels are few and fixed: never a token, a user,
// an address or a path as it was typed.
import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

const FAST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What becomes of mails through no fault of their own. */
const INTAKE_FAULTS = ['unavailable', 'defect'];

/** The metrics of one hub, in a registry of its own; times in seconds, sizes in bytes. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  // By default it wakes an idle process a hundred times a second to see whether it is late.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 50 });
  // Numbers until they are read: an event to a thousand sockets is counted a thousand times.
  const eventsSent = { socketio: 0, bridge: 0 };
  const sent = new Counter({
    name: 'hub_events_sent_total',
    help: 'Events written to sockets by kind of socket',
    labelNames: ['kind'],
    registers,
  });
  lookUp(sent, () => {
    sent.reset();
    for (const [kind, events] of Object.entries(eventsSent)) sent.inc({ kind }, events);
  });

  const intake = new Histogram({
    name: 'hub_intake_seconds',
    help: 'Mails by outcome, and the time until they were answered',
    labelNames: ['outcome'],
    buckets: FAST_SECONDS,
    registers,
  });
  // A rate does not see the first of what was not there before.
  for (const outcome of ['created', 'duplicate', ...INTAKE_FAULTS]) intake.zero({ outcome });

  return {
    registry,
    /** How many mails came, what became of them (`created`, `duplicate` or an error code), and how long that took. */
    intake,
    /** How well the log groups what arrives together. */
    commitSize: new Histogram({
      name: 'hub_commit_round_events',
      help: 'Events per commit round of the log',
      buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
      registers,
    }),
    commitSeconds: new Histogram({
      name: 'hub_commit_round_seconds',
      help: 'Duration of commit rounds of the log',
      buckets: FAST_SECONDS,
      registers,
    }),
    /** Where this process's relay stands; processes that differ for long are in trouble. */
    relayPosition: new Gauge({ name: 'hub_relay_position', help: 'Seq up to which the relay has read', registers }),
    /** How late people see things: from the event's time to its hand-over to the sockets of this process. */
    relayLag: new Histogram({
      name: 'hub_relay_lag_seconds',
      help: 'Age of events when the relay hands them on',
      buckets: FAST_SECONDS,
      registers,
    }),
    holesFilled: new Counter({ name: 'hub_log_holes_filled_total', help: 'Seqs voided by readers', registers }),
    /** Whether reconnecting clients find their place again. */
    resumes: new Counter({
      name: 'hub_streams_total',
      help: 'Opened streams by verdict',
      labelNames: ['verdict'],
      registers,
    }),
    /** What reconnecting clients cost MongoDB: what the ring in memory holds is not read from there. */
    replays: new Counter({
      name: 'hub_replays_total',
      help: 'Pages of events that streams missed, by where they were read',
      labelNames: ['source'],
      registers,
    }),
    connections: new Gauge({
      name: 'hub_connections',
      help: 'Open sockets of this process by kind',
      labelNames: ['kind'],
      registers,
    }),
    eventsSent,
    queueBytes: new Gauge({
      name: 'hub_socket_queue_bytes',
      help: 'Bytes that wait for slow sockets, all together',
      registers,
    }),
    cuts: new Counter({
      name: 'hub_cuts_total',
      help: 'Connections that the hub gave up by reason',
      labelNames: ['reason'],
      registers,
    }),
    limited: new Counter({
      name: 'hub_limited_total',
      help: 'Refusals by limit',
      labelNames: ['limit'],
      registers,
    }),
    redisUp: new Gauge({
      name: 'hub_redis_up',
      help: '1 when Redis is there, 0 when it is away or not used',
      registers,
    }),
    limitsInMemory: new Counter({
      name: 'hub_limits_in_memory_total',
      help: 'Counts that Redis could not take, so that this process took them alone',
      registers,
    }),
    /**
     * What the processes tell each other. `out`: `sent`, `skipped` (Redis away, or too many at once), `failed`. `in`: `events`,
     * `wake_up`, `old` (the log was quicker, or a repetition), `other_epoch`, `unknown`, `foreign` (not ours, or damaged),
     * `skipped`.
     */
    busMessages: new Counter({
      name: 'hub_bus_messages_total',
      help: 'Messages between processes by direction and outcome',
      labelNames: ['direction', 'outcome'],
      registers,
    }),
    authFailures: new Counter({
      name: 'hub_auth_failures_total',
      help: 'Refused credentials by error code',
      labelNames: ['code'],
      registers,
    }),
    http: new Histogram({
      name: 'hub_http_seconds',
      help: 'HTTP requests by method, route template and status',
      labelNames: ['method', 'route', 'status'],
      buckets: FAST_SECONDS,
      registers,
    }),
  };
}

/** Has a metric look its value up at each reading, for what nobody wants to keep count of. */
export function lookUp<Kind extends Gauge | Counter>(metric: Kind, read: (metric: Kind) => void): void {
  // What prom-client's option `collect` does, for a reader that comes to be after the metric.
  Object.assign(metric, { collect: () => read(metric) });
}

/** Express middleware that measures each answered request; one that met no route counts under `unmatched`. */
export function measureHttp(metrics: Pick<Metrics, 'http'>): RequestHandler {
  return (req, res, next) => {
    const stop = metrics.http.startTimer();
    res.once('finish', () => {
      const { path } = (req.route ?? {}) as { path?: unknown };
      const route = typeof path === 'string' ? req.baseUrl + path : 'unmatched';
      stop({ method: req.method, route, status: res.statusCode });
    });
    next();
  };
}

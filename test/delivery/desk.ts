// Delivery over a real log, with clients that write down what they are sent.
import type { Filter, Position } from '@workitem-hub/client/contract';
import type { Session } from '../../src/auth/principal.js';
import { createCursors, cursors } from '../../src/delivery/cursors.js';
import { createDelivery, type Delivery, type Subscription } from '../../src/delivery/delivery.js';
import type { CutReason, Transport } from '../../src/delivery/transport.js';
import type { LogEvent } from '../../src/eventlog/event.js';
import { ensureCollections } from '../../src/mongo/collections.js';
import { type LogProcess, type LogProcessOptions, prepareLog, startLogProcess } from '../support/log-process.js';
import { quiet, type TestDatabase, testDatabase } from '../support/mongo.js';

export interface Control {
  name: string;
  data: Record<string, unknown>;
}

/** A client on a connection that takes everything at once, unless told otherwise. */
export interface Client {
  readonly subscription: Subscription;
  readonly events: LogEvent[];
  readonly controls: Control[];
  /** In the order of arrival: names of controls and seqs of events. */
  readonly order: (string | number)[];
  readonly cuts: CutReason[];
  /** Resolves with the first control event of that name, past or to come. */
  control(name: string): Promise<Record<string, unknown>>;
  /** Bytes that the connection pretends to hold back. */
  setQueued(bytes: number): void;
  position(): Required<Position>;
}

export interface Desk {
  readonly database: TestDatabase;
  readonly process: LogProcess;
  readonly delivery: Delivery;
  readonly revoked: Set<string>;
  open(session: Session, options?: { filter?: Filter | null; position?: Position | null; clientId?: string }): Client;
  close(): Promise<void>;
}

export function sessionOf(
  sub: string,
  more: Partial<{ teams: string[]; roles: Session['principal']['roles']; cutAt: number }> = {},
): Session {
  const { teams = [], roles = ['underwriter'], cutAt = Date.now() + 3_600_000 } = more;
  return {
    principal: { sub, name: null, email: null, roles, teams },
    jti: null,
    issuedAt: null,
    expiresAt: cutAt,
    cutAt,
  };
}

export interface DeskOptions extends LogProcessOptions {
  onControl?: (event: LogEvent) => void;
}

/** @param given the database of another desk, whose owner drops it. */
export async function openDesk(options: DeskOptions = {}, given?: TestDatabase): Promise<Desk> {
  const database = given ?? (await testDatabase());
  await prepareLog(database);
  await ensureCollections(database.mongo, [cursors]);
  const process = await startLogProcess(database, options);
  const revoked = new Set<string>();
  const delivery = createDelivery({
    relay: process.relay,
    cursors: createCursors(cursors.of(database.mongo)),
    isRevoked: ({ principal }) => revoked.has(principal.sub),
    replayLimit: { check: async () => {}, charge: () => {} },
    limits: { maxBytes: 1 << 20, maxAgeMs: 10_000 },
    logger: quiet,
    ...(options.onControl ? { onControl: options.onControl } : {}),
  });
  return {
    database,
    process,
    delivery,
    revoked,
    open(session, open = {}) {
      const events: LogEvent[] = [];
      const controls: Control[] = [];
      const order: (string | number)[] = [];
      const cuts: CutReason[] = [];
      const waiting = new Set<() => void>();
      let queued = 0;
      const heard = (): void => {
        for (const look of waiting) look();
      };
      const transport: Transport = {
        kind: 'socketio',
        sendEvents(some) {
          events.push(...some);
          order.push(...some.map(({ seq }) => seq));
          heard();
        },
        gather() {},
        sendControl(name, data) {
          controls.push({ name, data: data as unknown as Record<string, unknown> });
          order.push(name);
          heard();
        },
        queuedBytes: () => queued,
        cut: (reason) => void cuts.push(reason),
      };
      const subscription = delivery.open(transport, { session }, open);
      return {
        subscription,
        events,
        controls,
        order,
        cuts,
        control: (name) =>
          new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`${name} did not come; got ${order.join(' ')}`)), 8_000);
            const look = (): void => {
              const found = controls.find((one) => one.name === name);
              if (!found) return;
              clearTimeout(timer);
              waiting.delete(look);
              resolve(found.data);
            };
            waiting.add(look);
            look();
          }),
        setQueued: (bytes) => {
          queued = bytes;
        },
        position: () => ({ epoch: process.relay.epoch, seq: subscription.sentTo, scope: subscription.scope }),
      };
    },
    async close() {
      for (const subscription of delivery.subscriptions()) subscription.close();
      await process.stop();
      if (!given) await database.drop();
    },
  };
}

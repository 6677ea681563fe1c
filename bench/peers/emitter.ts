// What the peers of the fan-out have in common: work items out of nowhere, sent when the bench asks for it.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { answerQuestions } from '../ipc.js';

/** How events come: all in one tick, or one at a time. */
export interface Shape {
  events: number;
  /** Milliseconds between two; 0 for a burst. */
  everyMs: number;
}

/** As large as what the hub sends, and in the same form. */
export interface Sent {
  data: { id: number; submission_ref: string; [field: string]: unknown };
  meta: { epoch: string; seq: number; at: string };
}

const epoch = randomUUID();
let seq = 0;

/** @param mail what its item says of itself, in place of what all say */
export function nextEvent(mail: { subject?: string; from_email?: string } = {}): Sent {
  seq++;
  const at = new Date().toISOString();
  return {
    data: {
      id: seq,
      submission_id: seq,
      submission_ref: randomUUID(),
      subject: 'Submission: Cyber - Harbourside Logistics Ltd',
      from_email: 'imogen.hartley@pellowstrand.example.com',
      ...mail,
      created_at: at,
      status: 'pending',
      extracted_fields: {
        insured_name: 'Harbourside Logistics Ltd',
        policy_type: 'Cyber',
        coverage_amount: '$5,000,000',
        effective_date: '2026-01-01',
        broker: 'Pellow & Strand Insurance Brokers',
      },
      assigned_to: null,
      team: null,
      version: 1,
      updated_at: at,
    },
    meta: { epoch, seq, at },
  };
}

async function emit({ events, everyMs }: Shape, send: (event: Sent) => void): Promise<void> {
  const start = performance.now();
  for (let count = 1; count <= events; count++) {
    send(nextEvent());
    if (everyMs > 0) await delay(Math.max(0, start + count * everyMs - performance.now()));
  }
}

/** Listens on a free port of loopback and sends whenever it is asked to. */
export function servePeer(server: Server, send: (event: Sent) => void): void {
  process.on('SIGTERM', () => process.exit());
  answerQuestions({
    hello: () => {},
    async listen() {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    emit: (shape: Shape) => emit(shape, send),
  });
}

// Mails and commands as the outside world sends them: repeated until they are answered for good, and remembered.
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

export interface MailReceipt {
  /** `internetMessageId` of the mail, without its angle brackets. */
  messageId: string;
  submission_id: number;
  submission_ref: string;
  /** When it was first posted, and when it was answered, by `performance.now()`. */
  postedAt: number;
  answeredAt: number;
}

export interface CommandReceipt {
  commandId: string;
  id: number;
  /** Version of the item in the answer; `null` when it was refused for good. */
  version: number | null;
}

export interface MailContent {
  /** Line of business. */
  line?: string;
  subject?: string;
}

export interface Traffic {
  /** Answered mails, every answer of each. */
  readonly mails: MailReceipt[];
  readonly commands: CommandReceipt[];
  /** Answers that no sender should get, in words. */
  readonly faults: string[];
  /** Requests that had no answer, or one that said to come back. */
  readonly repeats: () => number;
  /** Posts a mail, again and again until it is answered; resolves with the answer. */
  mail(messageId?: string, content?: MailContent): Promise<MailReceipt>;
  /** Claims an item for the owner of the token, or sets its status; the same `command_id` until it is answered. */
  command(path: string, method: 'POST' | 'PATCH', token: string, id: number, body?: object): Promise<CommandReceipt>;
  /** Sends nothing any more; what is under way is given up. */
  stop(): void;
}

const AGAIN_MS = 60;

/** Longer than a hub takes to answer that it does not know, milliseconds. */
const GIVE_UP_MS = 15_000;

export function createTraffic(options: { url: () => string; intakeKey: string }): Traffic {
  const mails: MailReceipt[] = [];
  const commands: CommandReceipt[] = [];
  const faults: string[] = [];
  const ended = new AbortController();
  // Each request under way listens for the end.
  setMaxListeners(0, ended.signal);
  let repeats = 0;

  /** Resolves with the first answer that is neither missing nor `come back`. */
  async function insist(path: string, init: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> {
    for (;;) {
      ended.signal.throwIfAborted();
      try {
        const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(GIVE_UP_MS)]);
        const response = await fetch(options.url() + path, { ...init, signal });
        const body = (await response.json()) as Record<string, unknown>;
        if (response.status !== 503 && response.status !== 429) return { status: response.status, body };
        if (!response.headers.has('retry-after')) faults.push(`${path} was answered 503 without Retry-After`);
      } catch {
        // Refused, cut off or too late: whether it was carried out is not known.
      }
      repeats++;
      await delay(AGAIN_MS, undefined, { signal: ended.signal });
    }
  }

  return {
    mails,
    commands,
    faults,
    repeats: () => repeats,
    async mail(
      messageId = `${randomUUID()}@mail.example`,
      { line = 'Property', subject = `Quote request ${messageId}` } = {},
    ) {
      const postedAt = performance.now();
      const { status, body } = await insist('/api/email/intake', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': options.intakeKey },
        body: JSON.stringify({
          subject,
          from: 'broker@example.com',
          body: `Insured: Acme Ltd\nClass: ${line}\nLimit: $1,000,000`,
          internetMessageId: `<${messageId}>`,
        }),
      });
      if (status !== 200) faults.push(`mail ${messageId} was answered ${status}: ${JSON.stringify(body)}`);
      const answer = body as Pick<MailReceipt, 'submission_id' | 'submission_ref'>;
      const receipt = { messageId, ...answer, postedAt, answeredAt: performance.now() };
      mails.push(receipt);
      return receipt;
    },
    async command(path, method, token, id, body = {}) {
      const commandId = randomUUID();
      const answer = await insist(path, {
        method,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ ...body, command_id: commandId }),
      });
      if (![200, 404, 409].includes(answer.status)) {
        faults.push(`${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      }
      const receipt = { commandId, id, version: answer.status === 200 ? (answer.body.version as number) : null };
      commands.push(receipt);
      return receipt;
    },
    stop: () => ended.abort(),
  };
}

// A sender that repeats as Azure Logic Apps do: at 408, 429 and 5xx or without an answer, four times, each after a longer wait.
import { setTimeout as delay } from 'node:timers/promises';
import { INTAKE_KEY } from '../support/hub.js';

const RETRIES = 4;
/** Logic Apps begin with 7.5 s; the shape is the same. */
const FIRST_WAIT_MS = 100;
/** Between the mails of one sender: some are under way all the time, and the machine is left to the hubs that start. */
const REST_MS = 100;

export interface LogicApp {
  /** Mails whose run succeeded. */
  readonly sent: readonly string[];
  /** Mails that were given up, with their last status; `null` for none. */
  readonly failed: readonly { id: string; status: number | null }[];
  /** First tries that had to be repeated, with what they met. */
  readonly repeated: readonly (number | null)[];
  /** Ends when the mails under way are through. */
  stop(): Promise<void>;
}

/** Posts one mail after the other to the hub behind `url`, by so many runs at once. */
export function startLogicApp(url: string, runs: number): LogicApp {
  const sent: string[] = [];
  const failed: { id: string; status: number | null }[] = [];
  const repeated: (number | null)[] = [];
  let running = true;

  async function post(id: string): Promise<number | null> {
    try {
      const response = await fetch(`${url}/api/email/intake`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': INTAKE_KEY },
        body: JSON.stringify({ subject: id, from: 'a@example.com', body: 'b', internetMessageId: `<${id}>` }),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return null;
    }
  }

  async function run(id: string): Promise<void> {
    let status = await post(id);
    for (let retry = 0; retry < RETRIES && isWorthARepeat(status); retry++) {
      if (retry === 0) repeated.push(status);
      await delay(FIRST_WAIT_MS * 2 ** retry);
      status = await post(id);
    }
    if (status === 200) sent.push(id);
    else failed.push({ id, status });
  }

  const all = Array.from({ length: runs }, async (_, sender) => {
    for (let n = 0; running; n++) {
      await run(`logic-app-${sender}-${n}@mail.example`);
      await delay(REST_MS);
    }
  });
  return {
    sent,
    failed,
    repeated,
    async stop() {
      running = false;
      await Promise.all(all);
    },
  };
}

function isWorthARepeat(status: number | null): boolean {
  return status === null || status === 408 || status === 429 || status >= 500;
}

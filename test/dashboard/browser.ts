// A real browser for tests: Chromium, spoken to in its own debugging protocol.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { dieTogether } from '../support/die-together.js';
import { until } from '../support/until.js';

const DEADLINE_MS = 15_000;

export interface Browser {
  /** Opens a page in a window of this width, in CSS pixels. */
  open(url: string, width: number): Promise<Page>;
  close(): Promise<void>;
}

export interface Page {
  /** The value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  resize(width: number): Promise<unknown>;
}

type Send = (method: string, params?: object, sessionId?: string) => Promise<Record<string, unknown>>;

/** `null` on a machine without Chromium. */
export async function startBrowser(): Promise<Browser | null> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'workitem-hub-browser-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'];
  const child = spawn('chromium', [...flags, `--user-data-dir=${directory}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  const clean = () => rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  if (child.pid === undefined) {
    child.on('error', () => {});
    await clean();
    return null;
  }
  const leash = dieTogether(child.pid, directory);
  const exited = once(child, 'exit');
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const address = /DevTools listening on (ws:\S+)/;
  await until(() => address.test(said), DEADLINE_MS);
  const socket = new WebSocket(address.exec(said)?.[1] ?? '');
  await once(socket, 'open', { signal: AbortSignal.timeout(DEADLINE_MS) });
  const send = protocolOf(socket);
  return {
    async open(url, width) {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = (await send('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string };
      const page: Page = {
        async evaluate<T>(expression: string) {
          const { result } = await send('Runtime.evaluate', { expression, returnByValue: true }, sessionId);
          return (result as { value: T }).value;
        },
        resize: (to) =>
          send(
            'Emulation.setDeviceMetricsOverride',
            { width: to, height: 900, deviceScaleFactor: 1, mobile: false },
            sessionId,
          ),
      };
      await page.resize(width);
      await send('Page.navigate', { url }, sessionId);
      return page;
    },
    async close() {
      leash.release();
      // By its own way out: killed, it would leave processes that still write to the directory.
      await send('Browser.close');
      await exited;
      socket.terminate();
      await clean();
    },
  };
}

function protocolOf(socket: WebSocket): Send {
  const waiting = new Map<
    number,
    (answer: { result?: Record<string, unknown>; error?: { message: string } }) => void
  >();
  let id = 0;
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString());
    waiting.get(answer.id)?.(answer);
  });
  return (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      const mine = ++id;
      waiting.set(mine, ({ result, error }) => {
        waiting.delete(mine);
        if (result) resolve(result);
        else reject(new Error(`${method}: ${error?.message}`));
      });
      socket.send(JSON.stringify({ id: mine, method, params, sessionId }));
    });
}

// A real browser, driven over its DevTools protocol: enough to open pages, run code in them and wait for what they show.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { readAlong } from './printed.js';

const DEADLINE_MS = 20_000;

export interface Page {
  /** Runs code in the page; resolves with its value, or with what it promises. */
  evaluate<T>(code: string): Promise<T>;
  /** Resolves when an expression is true in the page; looks after each change of the document. */
  until(expression: string): Promise<void>;
  /** What the page wrote to its console, and what went wrong in it. */
  readonly console: string[];
  close(): Promise<void>;
}

export interface Browser {
  open(url: string): Promise<Page>;
  close(): Promise<void>;
}

interface Message {
  id?: number;
  sessionId?: string;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** Starts Chromium without a window, with a profile of its own. */
export async function startChromium(): Promise<Browser> {
  const profile = await mkdtemp(path.join(os.tmpdir(), 'workitem-chromium-'));
  const child = spawn('chromium', [
    '--headless',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    // Tests may run as root, in containers with little shared memory.
    '--no-sandbox',
    '--disable-dev-shm-usage',
    '--disable-gpu',
    'about:blank',
  ]);
  const along = readAlong(child);
  const [, address] = await along.printed(/DevTools listening on (ws:\S+)/);
  const socket = new WebSocket(address as string);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));

  const waiting = new Map<number, { resolve(result: never): void; reject(error: Error): void }>();
  const listeners = new Map<string, (method: string, params: Record<string, unknown>) => void>();
  let last = 0;
  socket.on('message', (data: Buffer) => {
    const { id, sessionId, method, params, result, error } = JSON.parse(data.toString()) as Message;
    if (id === undefined) return listeners.get(sessionId ?? '')?.(method ?? '', params ?? {});
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new Error(error.message));
    else asked?.resolve(result as never);
  });

  function send<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = ++last;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
  }

  async function open(url: string): Promise<Page> {
    const { targetId } = await send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    const lines: string[] = [];
    listeners.set(sessionId, (method, params) => {
      if (/^(Runtime\.(consoleAPICalled|exceptionThrown)|Log\.entryAdded)$/.test(method)) {
        lines.push(JSON.stringify(params.entry ?? params.exceptionDetails ?? params.args));
      }
    });
    await send('Runtime.enable', {}, sessionId);
    await send('Log.enable', {}, sessionId);
    await send('Page.enable', {}, sessionId);
    await send('Page.navigate', { url }, sessionId);

    async function evaluate<T>(code: string): Promise<T> {
      const { result, exceptionDetails } = await send<{ result: { value: T }; exceptionDetails?: object }>(
        'Runtime.evaluate',
        { expression: code, awaitPromise: true, returnByValue: true },
        sessionId,
      );
      if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
      return result.value;
    }

    return {
      console: lines,
      evaluate,
      async until(expression) {
        const held = await evaluate<true | string>(`new Promise((resolve) => {
          const look = () => {
            if (!(${expression})) return;
            observer.disconnect();
            resolve(true);
          };
          const observer = new MutationObserver(look);
          observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
          setTimeout(() => resolve(document.body?.innerText ?? ''), ${DEADLINE_MS});
          look();
        })`);
        if (held !== true) throw new Error(`not so in time: ${expression}\n${held}\n${lines.join('\n')}`);
      },
      async close() {
        listeners.delete(sessionId);
        await send('Target.closeTarget', { targetId });
      },
    };
  }

  return {
    open,
    async close() {
      socket.terminate();
      child.kill();
      await along.ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

// A lock between processes of one machine that ends with its holder, however that dies: a listening local socket, whose
// name is made of the thing it guards.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';

export interface ProcessLock {
  release(): Promise<void>;
}

/** Somebody has the lock; `pid` is their process, when they said so in time. */
export interface LockHolder {
  readonly pid: number | null;
  /** Waits until they gave it up or died. */
  gone(): Promise<void>;
}

/**
 * Takes the lock on a file or directory, which need not exist.
 *
 * @returns the lock, or who has it
 */
export async function takeLock(target: string): Promise<ProcessLock | LockHolder> {
  const address = socketAddress(target);
  for (;;) {
    const lock = await listen(address);
    if (lock) return lock;
    const holder = await ask(address);
    if (holder) return holder;
    // Nobody answers. Sockets that are files stay behind when their process is killed.
    if (path.isAbsolute(address)) await rm(address, { force: true });
  }
}

/** Takes the lock, waiting for its holder as long as it takes; `onWait` is told when there is one. */
export async function waitForLock(target: string, onWait: (pid: number | null) => void): Promise<ProcessLock> {
  for (;;) {
    const taken = await takeLock(target);
    if ('release' in taken) return taken;
    onWait(taken.pid);
    await taken.gone();
  }
}

function socketAddress(target: string): string {
  const name = `workitem-hub-${createHash('sha256').update(path.resolve(target)).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return path.join(os.tmpdir(), `${name}.sock`);
}

async function listen(address: string): Promise<ProcessLock | null> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => waiting.delete(socket));
    socket.unref();
    socket.write(`${process.pid}\n`);
  });
  try {
    server.listen(address);
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw error;
  }
  server.unref();
  return {
    async release() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of waiting) socket.destroy();
      await closed;
    },
  };
}

async function ask(address: string): Promise<LockHolder | null> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
  } catch {
    return null;
  }
  const closed = new Promise<void>((resolve) => {
    socket.on('error', () => {});
    socket.once('close', () => resolve());
  });
  // A stopped (SIGSTOP) holder accepts and says nothing.
  const said = await once(socket, 'data', { signal: AbortSignal.timeout(1000) }).catch(() => []);
  const pid = Number.parseInt(String(said[0] ?? ''), 10);
  // Who only wanted to know is not kept alive by the connection; who waits is.
  socket.unref();
  return {
    pid: Number.isNaN(pid) ? null : pid,
    gone() {
      socket.ref();
      return closed;
    },
  };
}

// Bodies on their way in: read only after the caller was let in, never more of them than there is room for.
import { finished, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import { HubError } from '../errors.js';
import { parseJson } from './json.js';

/** What most routes accept: commands are small. */
export const SMALL_BODY = 100 * 1024;

/** Bytes that the bodies of all requests under way may take together. */
export interface ByteBudget {
  /** @throws HubError `unavailable` when there is no room. */
  take(bytes: number): void;
  give(bytes: number): void;
}

export function createByteBudget(max: number): ByteBudget {
  let used = 0;
  return {
    take(bytes) {
      if (used + bytes > max) {
        throw new HubError('unavailable', 'Too many large messages at once.', { retryAfterMs: 2000 });
      }
      used += bytes;
    },
    give(bytes) {
      used -= bytes;
    },
  };
}

export interface BodyOptions {
  /** Bytes, after decompression. */
  limit: number;
  budget?: ByteBudget;
  /** What the bytes mean; default: JSON, `undefined` when there are none. */
  parse?: (bytes: Buffer) => unknown;
}

const asJson = (bytes: Buffer): unknown => (bytes.length === 0 ? undefined : parseJson(bytes));

/**
 * Puts what the body means into `req.body`. The content type is not looked at.
 * @throws HubError `too_large` (over the limit), `invalid` (broken compression, text or JSON), `unavailable` (no room now).
 */
export function readBody({ limit, budget, parse = asJson }: BodyOptions): RequestHandler {
  return async (req, res, next) => {
    let held = 0;
    const assertFits = (bytes: number): void => {
      if (bytes > limit) throw new HubError('too_large', `The body is larger than ${limit} bytes.`);
    };
    const hold = (bytes: number): void => {
      assertFits(bytes);
      if (res.closed) return;
      budget?.take(bytes - held);
      held = bytes;
    };
    // The message made of the body lives until the answer is out.
    res.once('close', () => budget?.give(held));
    // What is announced takes no room yet: whoever then sends nothing would keep it from others.
    assertFits(Number(req.headers['content-length'] ?? 0));
    req.body = await parse(await readBytes(req, hold));
    next();
  };
}

const DECODERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress };

function decoderOf(req: Request): (typeof DECODERS)[keyof typeof DECODERS] | null {
  const encoding = (req.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return null;
  if (Object.hasOwn(DECODERS, encoding)) return DECODERS[encoding as keyof typeof DECODERS];
  throw new HubError('invalid', 'This content encoding is not known; use gzip, deflate, br or none.');
}

async function readBytes(req: Request, hold: (bytes: number) => void): Promise<Buffer> {
  const createDecoder = decoderOf(req);
  if (!createDecoder) return collect(req, hold);
  const decoder = createDecoder();
  // `pipe` does not tell the decoder that the sender went away.
  const detach = finished(req, { writable: false }, (error) => {
    if (error) decoder.destroy(error);
  });
  try {
    return await collect(req.pipe(decoder), hold);
  } catch (error) {
    if (error instanceof HubError || req.errored) throw error;
    throw new HubError('invalid', 'The body is not compressed as its content encoding says.');
  } finally {
    detach();
    req.unpipe(decoder);
    decoder.destroy();
  }
}

/** Listeners, not an iterator: for a small body that costs more than all the rest of its request. */
function collect(source: Readable, hold: (bytes: number) => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const settle = (work: () => void): void => {
      // A request destroyed here would take the connection with it, and the refusal could not be sent.
      source.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose).pause();
      work();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      chunks.push(chunk);
      try {
        hold(size);
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const onEnd = (): void =>
      settle(() => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)));
    const onError = (error: unknown): void => settle(() => reject(error));
    const onClose = (): void => settle(() => reject(new HubError('invalid', 'The body ended too early.')));
    source.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
  });
}

/**
 * Lets a sender finish when it was answered before its body had come: who is cut in the middle of sending never reads
 * the answer. One that goes on and on is cut all the same.
 * @param max bytes that are still read, and thrown away, after the answer.
 */
export function discardRefusedBodies(max = 64 * 1024 * 1024): RequestHandler {
  return (req, res, next) => {
    if (hasBody(req)) outliveAnswer(req, res);
    res.once('finish', () => {
      if (req.complete) return;
      let discarded = 0;
      req.on('data', (chunk: Buffer) => {
        discarded += chunk.length;
        if (discarded > max) req.socket.destroy();
      });
      req.resume();
    });
    next();
  };
}

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Has a connection that is to end with this answer end with the body instead, when that comes later. Node would close it at once: what is
 * still being sent would be met by a reset, which takes the answer along before it is read. Balancers say `Connection: close` every time.
 */
function outliveAnswer(req: Request, res: Response): void {
  const writeHead = res.writeHead.bind(res);
  res.writeHead = ((...head: Parameters<typeof writeHead>) => {
    const isLast = !res.shouldKeepAlive || /\bclose\b/i.test(String(res.getHeader('Connection')));
    if (isLast && !req.complete) {
      res.setHeader('Connection', 'keep-alive');
      req.once('end', () => req.socket.end());
    }
    return writeHead(...head);
  }) as typeof writeHead;
}

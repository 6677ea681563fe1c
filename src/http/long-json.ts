// Long answers travel compressed: a list of work items is a tenth of its size then, which is what a slow line waits for.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, Response } from 'express';

const compress = promisify(gzip);
/** Bytes below which it is not worth it. */
const WORTH = 4_096;
/** Fast, in a thread of its own; higher levels cost more than they save. */
const LEVEL = 3;

/** Answers with JSON, compressed for whoever takes that. */
export async function sendLongJson(req: Request, res: Response, body: unknown): Promise<void> {
  const text = Buffer.from(JSON.stringify(body));
  res.vary('Accept-Encoding').set('Content-Type', 'application/json; charset=utf-8');
  if (text.length < WORTH || !req.acceptsEncodings('gzip')) {
    res.send(text);
    return;
  }
  const bytes = await compress(text, { level: LEVEL });
  res.set('Content-Encoding', 'gzip').send(bytes);
}

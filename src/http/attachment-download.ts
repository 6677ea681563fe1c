// Sends a stored attachment so that no browser runs it: somebody outside wrote every byte of it, name and type included.
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { SubmissionReader } from '../workitems/submission-reader.js';

/** Types that cannot carry a script; everything else goes out as bytes. */
const SAFE_TYPES = new Set([
  'application/pdf',
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/zip',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/tiff',
  'image/webp',
  'text/csv',
  'text/plain',
]);

/** Answers with the bytes, or 304 when the caller has them. Failing half-way it breaks the connection off. */
export async function sendAttachment(
  req: Request,
  res: Response,
  attachment: Awaited<ReturnType<SubmissionReader['attachment']>>,
): Promise<void> {
  const { meta } = attachment;
  const etag = `"${meta.sha256}"`;
  const type = meta.content_type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  res.attachment(meta.name);
  res.set({
    'Content-Type': SAFE_TYPES.has(type) ? type : 'application/octet-stream',
    'Content-Length': String(meta.size),
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    // May be kept, but rights are asked for anew each time.
    'Cache-Control': 'private, no-cache',
    ETag: etag,
  });
  // `req.fresh` gives in to the `no-cache` that browsers add to a page's own conditional requests.
  if (
    req
      .get('if-none-match')
      ?.split(/\s*,\s*/)
      .includes(etag)
  ) {
    res.removeHeader('Content-Length');
    res.status(304).end();
  } else if (req.method === 'HEAD' || meta.size === 0) res.end();
  else await pipeline(attachment.stream(), res);
}

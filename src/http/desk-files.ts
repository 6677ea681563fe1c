// The desk as `npm run build` made it: the page anew each time, its assets for ever, each in the smallest encoding that the browser takes.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler } from 'express';

/** Whether this runs from `src` or from `dist`. */
const DASHBOARD = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url));
const ASSETS = path.join(DASHBOARD, 'assets', path.sep);
/** What the build lays beside each asset, the smallest first. */
const ENCODINGS = { '.br': 'br', '.gz': 'gzip' } as const;

export function deskFiles(): RequestHandler {
  const files = express.static(DASHBOARD, {
    index: 'index.html',
    redirect: false,
    setHeaders(res, file) {
      // Names of assets carry a hash of what is in them; the page that names them is asked for anew each time.
      const immutable = file.startsWith(ASSETS);
      res.set('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
      const end = path.extname(file);
      if (!(end in ENCODINGS)) return;
      res.set('Content-Encoding', ENCODINGS[end as keyof typeof ENCODINGS]);
      res.type(path.extname(file.slice(0, -end.length)));
    },
  });
  return (req, res, next) => {
    if (!/^\/assets\/[^/]+\.(?:js|css)$/.test(req.path)) return files(req, res, next);
    res.vary('Accept-Encoding');
    const found = Object.entries(ENCODINGS).find(([, encoding]) => req.acceptsEncodings(encoding));
    if (!found) return files(req, res, next);
    const plain = req.url;
    req.url = req.path + found[0];
    return files(req, res, (error?: unknown) => {
      req.url = plain;
      if (error) next(error);
      else files(req, res, next);
    });
  };
}

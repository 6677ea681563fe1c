// Mails as brokers send them, for tests of what the desk shows of one.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Desk } from './desk.js';

const SAMPLES = fileURLToPath(new URL('../intake/samples', import.meta.url));

/** A mail of the samples as it is posted, such as `07-flat-encoded`. */
export const sample = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(SAMPLES, `${name}.request.json`), 'utf8')) as Record<string, unknown>;

/** Posts a mail; resolves with the number of its item. */
export const receive = async (desk: Desk, mail: object): Promise<number> => (await desk.hub.mail(mail)).submission_id;

/** A PDF of one page, as small as browsers take it. */
export const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n',
);
/** A picture of one dot. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export const file = (name: string, contentType: string, content: Buffer | string): object => ({
  name,
  contentType,
  contentBytes: Buffer.from(content).toString('base64'),
});

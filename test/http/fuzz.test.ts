// Random bodies, queries and headers: whatever they are, the answer is documented and the hub stands.
import { expect } from 'chai';
import fc from 'fast-check';
import { ERROR_CODES } from '@workitem-hub/client/contract';
import { type Answer, type Api, INTAKE_KEY, openApi } from './api.js';

const KEYS = ['subject', 'Subject', 'from', 'body', 'value', 'attachments', 'id', 'receivedDateTime', 'contentBytes'];
/** JSON of any shape, with the names that the intake looks for here and there. */
const shape = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.jsonValue({ maxDepth: 1 }),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), tie('value'), { maxKeys: 5 }),
  ),
})).value;
const queryText = fc.string({
  unit: fc.constantFrom(...Array.from('%=&[]$.:,0aé+_{}"\u0000 limit status')),
  maxLength: 60,
});

describe('random input', function () {
  this.timeout(60_000);
  let api: Api;
  let token: string;
  before(async () => {
    api = await openApi({ LIMIT_COMMANDS_PER_10S: '0' });
    token = await api.token('boss', ['supervisor', 'admin', 'underwriter']);
    await api.item();
  });
  after(() => api.close());

  function expectDocumented({ status, body }: Answer<unknown>): void {
    if (status === 200) return;
    expect(status).to.be.within(400, 499);
    expect(ERROR_CODES).to.include((body as { error: { code: string } }).error.code);
  }

  it('as a mail', async () => {
    await fc.assert(
      fc.asyncProperty(shape, async (body) => {
        expectDocumented(await api.mail(JSON.stringify(body)));
      }),
      { numRuns: 200 },
    );
  });

  it('as bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (body) => {
        expectDocumented(await api.mail(body));
      }),
      { numRuns: 100 },
    );
  });

  it('as a command', async () => {
    const paths = fc.constantFrom('/api/workitems/1/claim', '/api/workitems/1/assign', '/api/test/workitem');
    await fc.assert(
      fc.asyncProperty(paths, shape, async (path, body) => {
        expectDocumented(await api.call('POST', path, { token, body: JSON.stringify(body) }));
      }),
      { numRuns: 150 },
    );
  });

  it('as a query or path', async () => {
    const paths = fc.constantFrom('/api/workitems?', '/api/submissions?', '/api/events?', '/api/workitems/', '/');
    await fc.assert(
      fc.asyncProperty(paths, queryText, async (path, text) => {
        expectDocumented(await api.call('GET', path + encodeURI(text).replaceAll('%25', '%'), { token }));
      }),
      { numRuns: 200 },
    );
  });

  it('as headers', async () => {
    const latin1 = fc.string({
      unit: fc.integer({ min: 0x20, max: 0xff }).map((c) => String.fromCharCode(c)),
      maxLength: 300,
    });
    const names = fc.constantFrom(
      'idempotency-key',
      'x-request-id',
      'content-type',
      'content-encoding',
      'x-forwarded-for',
    );
    await fc.assert(
      fc.asyncProperty(names, latin1, async (name, value) => {
        const headers = { 'x-api-key': INTAKE_KEY, [name]: value.trim().replaceAll('\u007f', '') };
        expectDocumented(
          await api.call('POST', '/api/email/intake', { headers, body: '{"subject":"x","from":"a@b.example"}' }),
        );
      }),
      { numRuns: 150 },
    );
  });
});

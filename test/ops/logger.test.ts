// What the log may hold and what it must not.
import { expect } from 'chai';
import { mongo } from 'mongoose';
import { createLogger, safeUrl } from '../../src/ops/logger.js';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';

interface Entry {
  msg: string;
  err: { name: string; stack: string; cause: object };
}

function capture() {
  const lines: string[] = [];
  const logger = createLogger(
    { LOG_LEVEL: 'trace', production: true },
    { write: (line: string) => void lines.push(line) },
  );
  return { logger, text: () => lines.join(''), entry: () => JSON.parse(lines.at(-1) ?? '') as Entry };
}

describe('log', () => {
  it('drops the value of a duplicate key from the driver’s errors, with or without a text of one’s own', () => {
    const { logger, text, entry } = capture();
    const error = new mongo.MongoServerError({
      message: 'E11000 duplicate key error collection: hub.submissions index: key_1 dup key: { key: "sesame" }',
      code: 11_000,
      keyValue: { key: 'sesame' },
    });
    logger.error(error);
    logger.error({ err: error });
    logger.error({ err: error }, 'failed');
    logger.error({ err: new Error('outer', { cause: error }) });
    expect(text()).not.to.include('sesame');
    expect(entry().err.cause).to.include({ code: 11_000, name: 'MongoServerError' });
  });

  it('drops the documents that a bulk write failed on', () => {
    const { logger, text } = capture();
    const error = Object.assign(new Error('bulk write failed'), {
      writeErrors: [{ err: { op: { body_text: 'sesame' } } }],
      result: { insertedIds: ['sesame'] },
    });
    logger.error({ err: error }, 'failed');
    expect(text()).to.include('bulk write failed').and.not.to.include('sesame');
  });

  it('drops what a JSON parser quotes', () => {
    const { logger, text, entry } = capture();
    let error: unknown;
    try {
      JSON.parse('"sesame" oops "sesame');
    } catch (thrown) {
      error = thrown;
    }
    logger.warn({ err: error });
    expect(entry().err.name).to.equal('SyntaxError');
    expect(text()).not.to.include('sesame').and.not.to.include('oops');
  });

  it('keeps the frames of a stack', () => {
    const { logger, entry } = capture();
    logger.error(new Error('one\nat two'));
    expect(entry().err.stack)
      .to.match(/^ {4}at .*logger\.test/)
      .and.not.include('two');
    expect(entry().msg).to.equal('one\nat two');
  });

  it('drops tokens wherever they stand', () => {
    const { logger, text } = capture();
    logger.info(`GET /ws?a=1&token=abc.def and ${JWT}, token%3D${JWT}`);
    logger.info({ url: `/#token=${JWT}`, deep: { deeper: { value: JWT } } });
    expect(text()).not.to.include('eyJ').and.not.to.include('abc.def');
  });

  it('drops the values of objects’ secret keys', () => {
    const { logger, text } = capture();
    logger.info({ token: 'sesame', request: { headers: { cookie: 'sesame' }, body: 'sesame' } });
    expect(text()).not.to.include('sesame');
  });

  it('survives thrown things that are no errors', () => {
    const { logger, entry } = capture();
    for (const thing of [undefined, null, 1, {}, Symbol('x')]) logger.error({ err: thing }, 'thrown');
    expect(entry().msg).to.equal('thrown');
  });
});

describe('safeUrl', () => {
  it('replaces what the hub does not know, be it a credential or not, and leaves the rest', () => {
    expect(safeUrl('/ws/workitems?v=2&token=x&token=y')).to.equal('/ws/workitems?v=2&token=redacted');
    expect(safeUrl('/ws/workitems?%74oken=x')).to.equal('/ws/workitems?token=redacted');
    expect(safeUrl('/ws/workitems?TOKEN=x')).to.equal('/ws/workitems?TOKEN=redacted');
    expect(safeUrl('/x?limit=5&code=x&x')).to.equal('/x?limit=5&code=redacted&x=redacted');
    expect(safeUrl('/api/workitems?status=pending,quoted&text=a%20b')).to.equal(
      '/api/workitems?status=pending,quoted&text=a%20b',
    );
    expect(safeUrl('/%')).to.equal('/%');
  });
});

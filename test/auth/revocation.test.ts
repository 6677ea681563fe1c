// Revocation against a real mongod: what is dead, in this process and in the others, and for how long.
import { expect } from 'chai';
import type { Session } from '../../src/auth/principal.js';
import { createRevocations, type Revocation, type RevocationDeps, revocations } from '../../src/auth/revocation.js';
import { ensureCollections } from '../../src/mongo/collections.js';
import { failCommand, quiet, type TestDatabase, testDatabase } from '../support/mongo.js';
import { refusalOf } from './refusal.js';

function session(sub: string, issuedAt: number | null = 1000, jti: string | null = null): Session {
  const principal = { sub, name: null, email: null, roles: [], teams: [] };
  return { principal, jti, issuedAt, expiresAt: Date.now() + 60_000, cutAt: Date.now() + 60_000 };
}

/** Reads run out of time, which the driver does not repeat. */
const TOO_SLOW = { commands: ['find'], collection: 'revocations', errorCode: 50 };

describe('revocation', () => {
  let database: TestDatabase;
  const started: { stop(): void }[] = [];
  before(async () => {
    database = await testDatabase();
    await ensureCollections(database.mongo, [revocations]);
  });
  afterEach(async () => {
    for (const process of started.splice(0)) process.stop();
    await revocations.of(database.mongo).deleteMany({});
  });
  after(() => database.drop());

  /** What one process knows. */
  async function startProcess(options: Partial<RevocationDeps> = {}) {
    const process = createRevocations({ mongo: database.mongo, logger: quiet, pollMs: 20, ...options });
    started.push(process);
    await process.start();
    return process;
  }
  const never = 3_600_000;

  it('by user hits tokens issued before it and those that do not say when, and nobody else', async () => {
    const process = await startProcess();
    await process.add({ sub: 'alice', issued_before: 1000 }, 'root');
    const revoked = [999, 1000, 1001, null].map((issuedAt) => process.isRevoked(session('alice', issuedAt)));
    expect(revoked).to.deep.equal([true, false, false, true]);
    expect(process.isRevoked(session('bob', 1))).to.equal(false);
  });

  it('by token hits that token whenever it was issued', async () => {
    const process = await startProcess();
    await process.add({ jti: 'stolen' }, 'root');
    expect(process.isRevoked(session('alice', 99_999_999_999, 'stolen'))).to.equal(true);
    expect(process.isRevoked(session('alice', 1, 'other'))).to.equal(false);
    expect(process.isRevoked(session('stolen', 1))).to.equal(false);
  });

  it('by default hits all issued before the call and none issued after the answer', async () => {
    const process = await startProcess();
    const before = Math.floor(Date.now() / 1000);
    await process.add({ sub: 'alice' }, 'root');
    const after = Math.floor(Date.now() / 1000);
    expect(process.isRevoked(session('alice', before))).to.equal(true);
    expect(process.isRevoked(session('alice', after))).to.equal(false);
  });

  for (const [what, offset] of [
    ['behind', -300_000],
    ['ahead', 300_000],
  ] as const) {
    it(`goes by the clock of the database where that of the process is ${what}`, async () => {
      const process = await startProcess({ pollMs: never });
      const clock = Date.now;
      const before = Math.floor(clock() / 1000);
      Date.now = () => clock() + offset;
      try {
        const { issued_before: bound, created_at } = await process.add({ sub: 'alice' }, 'root');
        const after = Math.floor(clock() / 1000);
        expect(bound).to.be.within(before + 1, after);
        expect(Date.parse(created_at) / 1000).to.be.within(before - 1, after + 1);
      } finally {
        Date.now = clock;
      }
    });
  }

  it('takes names that begin with a dollar for names', async () => {
    const process = await startProcess();
    await process.add({ sub: '$sub', issued_before: 5 }, '$$ROOT');
    expect((await process.list())[0]).to.include({ sub: '$sub', jti: null, by: '$$ROOT' });
  });

  it('is in force here before the call is answered, and its listeners know', async () => {
    const process = await startProcess({ pollMs: never });
    const told = new Promise<boolean>((resolve) => {
      process.onRevoked(() => resolve(process.isRevoked(session('alice'))));
    });
    const added = process.add({ sub: 'alice' }, 'root');
    expect(await told).to.equal(true);
    await added;
  });

  it('reaches another process by its poll', async () => {
    const [here, there] = [await startProcess(), await startProcess()];
    const told = new Promise<void>((resolve) => {
      there.onRevoked(resolve);
    });
    await here.add({ sub: 'alice', issued_before: 2000 }, 'root');
    await told;
    expect(there.isRevoked(session('alice'))).to.equal(true);
  });

  it('reaches another process by the log’s event, before any poll', async () => {
    const there = await startProcess({ pollMs: never });
    const announced: Revocation[] = [];
    const here = await startProcess({ pollMs: never, announce: async (revocation) => announced.push(revocation) });
    const added = await here.add({ sub: 'alice', issued_before: 2000 }, 'root');
    expect(announced).to.deep.equal([added]);
    there.apply(announced[0]);
    expect(there.isRevoked(session('alice'))).to.equal(true);
  });

  it('is answered even when it cannot be announced', async () => {
    const process = await startProcess({ announce: () => Promise.reject(new Error('the log is full')) });
    await process.add({ sub: 'alice', issued_before: 2000 }, 'root');
    expect(process.isRevoked(session('alice'))).to.equal(true);
  });

  it('is known to a process that has not polled for long before it lets anybody in', async () => {
    const there = await startProcess({ pollMs: never });
    await (await startProcess()).add({ jti: 'stolen' }, 'root');
    await there.current();
    expect(there.isRevoked(session('alice', 1, 'stolen')), 'polls that are not due').to.equal(false);
    const clock = performance.now;
    performance.now = () => clock.call(performance) + 4 * never;
    try {
      await there.current();
    } finally {
      performance.now = clock;
    }
    expect(there.isRevoked(session('alice', 1, 'stolen'))).to.equal(true);
  });

  it('is known to a process that starts later', async () => {
    await (await startProcess()).add({ sub: 'alice', issued_before: 2000 }, 'root');
    const later = await startProcess({ pollMs: never });
    expect(later.isRevoked(session('alice'))).to.equal(true);
  });

  it('tells listeners once, and only when more is revoked than before', async () => {
    const process = await startProcess({ pollMs: never });
    let told = 0;
    const off = process.onRevoked(() => told++);
    const revocation = await process.add({ jti: 'a' }, 'root');
    process.apply(revocation);
    expect(told).to.equal(1);
    off();
    await process.add({ jti: 'b' }, 'root');
    expect(told).to.equal(1);
  });

  it('can be lifted: others of the same user stay, and its event, coming late, does not bring it back', async () => {
    const process = await startProcess({ pollMs: never });
    const wide = await process.add({ sub: 'alice', issued_before: 3000 }, 'root');
    await process.add({ sub: 'alice', issued_before: 1500 }, 'root');
    expect(await process.remove(wide.id)).to.equal(true);
    process.apply(wide);
    expect(process.isRevoked(session('alice', 2000))).to.equal(false);
    expect(process.isRevoked(session('alice', 1000))).to.equal(true);
    expect(await process.remove(wide.id)).to.equal(false);
    expect(await process.remove('none')).to.equal(false);
  });

  it('that was lifted elsewhere is lifted here by the poll', async () => {
    const [here, there] = [await startProcess({ pollMs: never }), await startProcess()];
    const first = await here.add({ sub: 'alice', issued_before: 2000 }, 'root');
    await here.remove(first.id);
    // A barrier: what the poll finds of the second revocation, it finds of the first one's end.
    const told = new Promise<void>((resolve) => {
      there.onRevoked(() => there.isRevoked(session('bob')) && resolve());
    });
    await here.add({ sub: 'bob', issued_before: 2000 }, 'root');
    await told;
    expect(there.isRevoked(session('alice'))).to.equal(false);
  });

  it('is listed, newest first, until it is lifted', async () => {
    const process = await startProcess();
    const one = await process.add({ jti: 'one', issued_before: 5 }, 'root');
    const two = await process.add({ sub: 'two', issued_before: 6 }, 'admin');
    expect((await process.list()).map(({ id }) => id)).to.have.members([one.id, two.id]);
    expect(two).to.include({ sub: 'two', jti: null, issued_before: 6, by: 'admin' });
    await process.remove(one.id);
    expect(await process.list()).to.deep.equal([two]);
  });

  it('stays in force while the database is away, and news come in when it is back', async () => {
    const [here, there] = [await startProcess({ pollMs: never }), await startProcess()];
    await here.add({ jti: 'old' }, 'root');
    const later = await startProcess();
    const fault = await failCommand(database.mongo, TOO_SLOW);
    await fault.struck(4);
    expect(later.isRevoked(session('alice', 1, 'old'))).to.equal(true);
    const told = new Promise<void>((resolve) => {
      there.onRevoked(() => there.isRevoked(session('alice', 1, 'new')) && resolve());
    });
    await here.add({ jti: 'new' }, 'root');
    await fault.off();
    await told;
  });

  it('that cannot be loaded keeps a process from starting', async () => {
    await failCommand(database.mongo, TOO_SLOW);
    const process = createRevocations({ mongo: database.mongo, logger: quiet });
    expect((await refusalOf(process.start())).code).to.equal('unavailable');
  });

  it('ignores events that are none', async () => {
    const process = await startProcess();
    for (const data of [null, undefined, 5, {}, { id: 1 }, { sub: 'alice' }, []]) process.apply(data);
    expect(process.isRevoked(session('alice'))).to.equal(false);
  });
});

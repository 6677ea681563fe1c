// The lock that keeps two hubs off the same data.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { type LockHolder, type ProcessLock, takeLock, waitForLock } from '../../src/mongo/process-lock.js';
import { remove, temporaryDirectory } from './servers.js';

describe('lock between processes', () => {
  let target: string;
  beforeEach(async () => {
    target = await temporaryDirectory();
  });
  afterEach(() => remove(target));

  it('is had by one at a time, and by the next when it was released', async () => {
    const lock = (await takeLock(target)) as ProcessLock;
    const holder = (await takeLock(target)) as LockHolder;
    expect(holder.pid).to.equal(process.pid);
    await lock.release();
    await lock.release();
    await holder.gone();
    await ((await takeLock(target)) as ProcessLock).release();
  });

  it('is had by one of many who come at once', async () => {
    const taken = await Promise.all(Array.from({ length: 20 }, () => takeLock(target)));
    const locks = taken.filter((it) => 'release' in it);
    expect(locks).to.have.length(1);
    await locks[0]?.release();
  });

  it('does not stand in the way of another directory', async () => {
    const lock = (await takeLock(target)) as ProcessLock;
    const other = await takeLock(`${target}-other`);
    expect(other).to.have.property('release');
    await (other as ProcessLock).release();
    await lock.release();
  });

  it('keeps nobody alive who only asked for it', async () => {
    const lock = (await takeLock(target)) as ProcessLock;
    const script = `import { takeLock } from '${new URL('../../src/mongo/process-lock.ts', import.meta.url).href}';
      console.log((await takeLock(${JSON.stringify(target)})).pid);`;
    const asker = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [[said], [code]] = await Promise.all([
        once(asker.stdout, 'data'),
        once(asker, 'exit', { signal: AbortSignal.timeout(10_000) }),
      ]);
      expect(String(said)).to.equal(`${process.pid}\n`);
      expect(code).to.equal(0);
    } finally {
      asker.kill('SIGKILL');
      await lock.release();
    }
  });

  it('ends with its process, however that ends', async () => {
    const script = `import { takeLock } from '${new URL('../../src/mongo/process-lock.ts', import.meta.url).href}';
      console.log('release' in (await takeLock(${JSON.stringify(target)}))); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(child.stdout, 'data');
    expect(String(said)).to.equal('true\n');
    const holder = (await takeLock(target)) as LockHolder;
    expect(holder.pid).to.equal(child.pid);
    const next = waitForLock(target, () => {});
    child.kill('SIGKILL');
    await (await next).release();
  });
});

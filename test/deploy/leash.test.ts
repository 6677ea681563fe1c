// The leash ends whom it holds, and nobody else: a pid that is free again may be anybody's.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { createLeash } from '../../deploy/cluster/leash.js';

describe('the leash', function () {
  this.timeout(20_000);
  const children: ChildProcess[] = [];
  function leader(): ChildProcess & { pid: number } {
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    children.push(child);
    return child as ChildProcess & { pid: number };
  }
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('ends those that it holds, and lets those live that it held twice and freed', async () => {
    const [held, freed, last] = [leader(), leader(), leader()];
    const gone = [held, last].map((child) => once(child, 'exit'));
    const leash = createLeash();
    for (const { pid } of [held, freed, freed, last]) leash.hold(pid);
    leash.free(freed.pid);
    leash.end();
    // In the order in which they were held: when the last is gone, nobody is left to be ended.
    await Promise.all(gone);
    expect(freed.signalCode).to.equal(null);
    expect(process.kill(freed.pid, 0)).to.equal(true);
  });
});

// The alert rules as Prometheus understands them, on series that it is given.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { findProgram } from '../../deploy/cluster/programs.js';
import { ALERTS } from '../../deploy/cluster/prometheus-config.js';

const run = promisify(execFile);

describe('alert rules', () => {
  it('fire and clear as their own tests say', async () => {
    const tests = path.join(path.dirname(ALERTS), 'alerts.test.yml');
    const { stdout } = await run(await findProgram('promtool', 'prometheus'), ['test', 'rules', tests]);
    expect(stdout).to.include('SUCCESS').and.not.to.include('FAILED');
  });
});

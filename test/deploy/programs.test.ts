import { expect } from 'chai';
import { findProgram } from '../../deploy/cluster/programs.js';
import { ConfigError } from '../../src/config.js';

describe('programs of the cluster', () => {
  it('are found also where only daemons lie', async () => {
    expect(await findProgram('nginx', 'nginx')).to.match(/\/nginx$/);
    expect(await findProgram('redis-server', 'redis-server')).to.match(/\/redis-server$/);
  });

  it('that are missing are named in one line with what to install', async () => {
    const missing = await findProgram('nginx', 'nginx', ['/nowhere', '/']).catch((error: unknown) => error);
    expect(missing).to.be.instanceOf(ConfigError);
    expect((missing as Error).message).to.equal('nginx is not installed; on Debian and Ubuntu: apt-get install nginx');
  });
});

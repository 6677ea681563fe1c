// Somebody who guesses behind the address of an office, or of the Logic App: they are stopped, the others are not.
import { expect } from 'chai';
import { closeOf, listen, refusalOf } from '../sockets/wait.js';
import { INTAKE_KEY, startHub, type TestHub } from '../support/hub.js';

const OTHER_KEY = 'a key that was not used from here';

describe('an address from which somebody guesses', () => {
  let hub: TestHub;
  before(async () => {
    hub = await startHub({
      LIMIT_FAILED_AUTH_PER_MINUTE: '5',
      INTAKE_API_KEYS: `${INTAKE_KEY},${OTHER_KEY}`,
      TRUST_PROXY: 'loopback',
    });
  });
  after(() => hub.close());

  const post = async (key: string, headers = {}): Promise<number> => {
    const answer = await fetch(`${hub.url}/api/email/intake`, {
      method: 'POST',
      headers: { 'x-api-key': key, ...headers },
      body: '{"subject":"x"}',
    });
    return answer.status;
  };

  it('is told to wait with every wrong credential, and let in with good ones', async () => {
    expect(await post(INTAKE_KEY)).to.equal(200);
    const token = await hub.token('alice');
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) statuses.push((await hub.call('GET', '/api/workitems', `wrong.${i}.token`)).status);
    expect(statuses).to.deep.equal([401, 401, 401, 401, 401, 429, 429, 429]);

    expect((await hub.call('GET', '/api/workitems', token)).status).to.equal(200);
    await listen((await hub.socket('alice')).client).named('ready');
    await hub.raw(`?v=2&token=${token}`).named('ready');
    expect(await post(INTAKE_KEY), 'the key of the Logic App').to.equal(200);

    // Guesses go on failing, and even a right one tells nothing.
    expect(await post('wrong')).to.equal(429);
    expect(await post(OTHER_KEY), 'a key that is right, from a guesser').to.equal(429);
    expect((await refusalOf((await hub.socket('', { token: 'wrong' })).client)).message).to.equal('rate_limited');
    expect((await closeOf(hub.raw('?v=2&token=wrong').client)).code).to.equal(4429);
    // From elsewhere it is what it is; and an address of IPv6 is as good as its neighbour.
    expect(await post(OTHER_KEY, { 'x-forwarded-for': '198.51.100.9' })).to.equal(200);
    for (let i = 0; i < 5; i++) expect(await post('wrong', { 'x-forwarded-for': `2001:db8::${i}` })).to.equal(401);
    expect(await post('wrong', { 'x-forwarded-for': '2001:db8::ffff:1' })).to.equal(429);
    expect(await post('wrong', { 'x-forwarded-for': '2001:db8:0:1::1' })).to.equal(401);
  });
});

// The stream by polling: the same events, in the same order, to the same people as on a socket.
import { expect } from 'chai';
import type { EventPage } from '../../src/http/event-routes.js';
import { type Api, expectRefusal, openApi } from './api.js';

describe('polling events', () => {
  let api: Api;
  let alice: string;
  before(async () => {
    api = await openApi();
    alice = await api.token('alice', ['underwriter'], ['property']);
  });
  after(() => api.close());

  const poll = (query: string, token = alice) => api.call<EventPage>('GET', `/api/events?${query}`, { token });
  const text = ({ position: { epoch, seq, scope } }: EventPage): string => [epoch, seq, scope].join(':');

  it('begins at the present and goes on behind a position, for what the caller sees', async () => {
    await api.item({ team: 'property' });
    const start = await poll('');
    expect(start.status).to.equal(200);
    expect(start.body).to.deep.include({ events: [], more: false });
    const seen = await api.item({ team: 'property' });
    await api.item({ team: 'cyber' });
    await api.call('POST', `/api/workitems/${seen.id}/claim`, { token: alice });

    const { body } = await poll(`after=${text(start.body)}`);
    expect(body.events.map(({ event }) => event)).to.deep.equal(['new_workitem', 'workitem_assigned']);
    expect(body.events[0]).to.have.all.keys('seq', 'event', 'data', 'at');
    expect(body.events[0]?.data).to.deep.equal(seen);
    expect((await poll(`after=${text(body)}`)).body.events).to.deep.equal([]);
  });

  it('comes in pages', async () => {
    let at = text((await poll('')).body);
    const made = [(await api.item()).id, (await api.item()).id, (await api.item()).id];
    const seen: number[] = [];
    for (let more = true; more; ) {
      const { body } = await poll(`after=${at}&limit=1`);
      seen.push(...body.events.map(({ data }) => (data as { id: number }).id));
      at = text(body);
      more = body.more;
    }
    expect(seen).to.deep.equal(made);
  });

  it('answers 410 where a socket would be told to resync', async () => {
    const { body } = await poll('');
    expectRefusal(await poll('after=another-epoch:1'), 410, 'resync');
    expectRefusal(
      await poll(`after=${text(body)}`, await api.token('alice', ['underwriter'], ['cyber'])),
      410,
      'resync',
    );
  });

  it('refuses positions that are none', async () => {
    for (const after of ['x', 'e:-1', 'e:1:s:t', ''])
      expectRefusal(await poll(`after=${after}`), 400, 'invalid', after);
  });

  it('is for those who see items', async () => {
    expectRefusal(await poll('', await api.token('mailer', ['intake'])), 403, 'forbidden');
  });
});

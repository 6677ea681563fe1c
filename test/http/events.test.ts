// The stream by polling: what is asked of delivery, and how its answers go out.
import type { Position } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { HubError } from '../../src/errors.js';
import type { EventPage } from '../../src/http/event-routes.js';
import { type Api, expectRefusal, openApi } from './api.js';

describe('polling events', () => {
  let api: Api;
  let token: string;
  const asked: { sub: string; after: Position | null; limit: number }[] = [];
  let answer: () => EventPage;
  before(async () => {
    api = await openApi(
      {},
      {
        pollEvents: async ({ principal }, after, limit) => {
          asked.push({ sub: principal.sub, after, limit });
          return answer();
        },
      },
    );
    token = await api.token('alice');
  });
  after(() => api.close());

  it('goes on behind a position', async () => {
    const page: EventPage = {
      events: [{ seq: 8, event: 'new_workitem', data: { id: 1 }, at: '2025-01-01T00:00:00.000Z' }],
      position: { epoch: 'e', seq: 8, scope: 's' },
      more: true,
    };
    answer = () => page;
    const { status, body } = await api.call('GET', '/api/events?after=e:7:s&limit=1', { token });
    expect(status).to.equal(200);
    expect(body).to.deep.equal(page);
    expect(asked.at(-1)).to.deep.equal({ sub: 'alice', after: { epoch: 'e', seq: 7, scope: 's' }, limit: 1 });
  });

  it('begins at the present without one', async () => {
    await api.call('GET', '/api/events', { token });
    expect(asked.at(-1)).to.deep.equal({ sub: 'alice', after: null, limit: 100 });
  });

  it('answers 410 where a socket would be told to resync', async () => {
    answer = () => {
      throw new HubError('resync', 'The log has been replaced.', { details: { reason: 'epoch_changed' } });
    };
    const refused = await api.call('GET', '/api/events?after=e:7', { token });
    expectRefusal(refused, 410, 'resync');
    expect(refused.body.error?.details).to.deep.equal({ reason: 'epoch_changed' });
  });

  it('refuses positions that are none', async () => {
    for (const after of ['x', 'e:-1', 'e:1:s:t', '']) {
      expectRefusal(await api.call('GET', `/api/events?after=${after}`, { token }), 400, 'invalid', after);
    }
  });
});

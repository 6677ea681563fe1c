// The first page of the list, asked for while the connection is being made: it counts only for the stream that begins no later.
import { expect } from 'chai';
import { until } from '../support/until.js';
import { makeItem } from '../sockets/events.js';
import { type Desk, openDesk, startDesk } from './desk.js';
import { type FakeHub, page, PRINCIPAL, startFakeHub, type Visit } from './fake-hub.js';

/** A page as the hub has it at a place of its log. */
const pageAt = (seq: number, ids: number[], more: { next?: string; epoch?: string; scope?: string } = {}): string =>
  JSON.stringify({
    ...JSON.parse(
      page(
        ids.map((id) => makeItem({ id })),
        more.next ?? null,
        more.epoch,
      ),
    ),
    position: { epoch: more.epoch ?? 'e1', seq, scope: more.scope ?? 's' },
  });

describe('client: a list that is asked for ahead', () => {
  let hub: FakeHub;
  let desk: Desk | undefined;
  /** What was asked for, and how each was answered. */
  let asked: { cursor: string | null; token: string | undefined; begun: boolean }[];
  let answers: string[];
  const options = () => ({ url: hub.url, getToken: () => 'good', listAhead: true });
  const ids = (): number[] => (desk as Desk).client.workItems.items.map(({ id }) => id).sort((a, b) => a - b);

  beforeEach(async () => {
    hub = await startFakeHub();
    asked = [];
    answers = [];
    // The stream begins when the list was asked for: else it might be ahead of that.
    hub.onVisit = (visit) => void until(() => asked.length > 0).then(() => visit.ready(7));
    hub.onList = (res, req) => {
      asked.push({
        cursor: new URL(req.url ?? '', hub.url).searchParams.get('cursor'),
        token: req.headers.authorization,
        begun: hub.visits.length > 0,
      });
      res.end(answers[asked.length - 1] ?? pageAt(7, [1, 2, 3]));
    };
  });
  afterEach(async () => {
    desk?.client.close();
    await hub.close();
  });

  it('is there without another request, while nothing happens', async () => {
    answers = [pageAt(7, [1, 2])];
    desk = startDesk(options());
    await desk.is('connected');
    expect(ids()).to.deep.equal([1, 2]);
    expect(asked).to.deep.equal([{ cursor: null, token: 'Bearer good', begun: false }]);
    expect(desk.client.workItems.complete).to.equal(true);
    expect(desk.client.position).to.deep.equal({ epoch: 'e1', seq: 7, scope: 's' });
    expect(desk.errors).to.deep.equal([]);
  });

  it('is not asked for ahead unless the application says so', async () => {
    hub.onVisit = (visit) => visit.ready(7);
    desk = startDesk({ ...options(), listAhead: false });
    await desk.is('connected');
    expect(asked.map(({ begun }) => begun)).to.deep.equal([true]);
    expect(ids()).to.deep.equal([1, 2, 3]);
  });

  it('goes on with its next pages', async () => {
    answers = [pageAt(7, [3], { next: 'more' }), pageAt(7, [1, 2])];
    desk = startDesk(options());
    await desk.is('connected');
    expect(ids()).to.deep.equal([1, 2, 3]);
    expect(asked.map(({ cursor }) => cursor)).to.deep.equal([null, 'more']);
  });

  it('counts when it is newer than the beginning of the stream, and events do not undo it', async () => {
    answers = [pageAt(9, [1, 2])];
    desk = startDesk(options());
    await desk.is('connected');
    const { say } = (await hub.visit(1)) as Visit;
    // Both happened before the page was made: 2 was new, and 5 was taken by somebody else since.
    say('new_workitem', makeItem({ id: 2 }), 8);
    say('new_workitem', makeItem({ id: 5 }), 9);
    await until(() => desk?.events.length === 2);
    const gone = makeItem({ id: 5, version: 2, assigned_to: 'bob' });
    say(
      'workitem_assigned',
      { ...gone, previous_assigned_to: null, previous_status: 'pending', by: 'bob', item: gone },
      10,
    );
    await until(() => desk?.client.position?.seq === 10);
    expect(ids()).to.deep.equal([1, 2]);
    expect(asked).to.have.lengthOf(1);
  });

  for (const [what, first] of Object.entries<() => string>({
    'is older than the beginning of the stream': () => pageAt(6, [1]),
    'is of another log': () => pageAt(7, [1], { epoch: 'e0' }),
    'is of another person, or of other rights': () => pageAt(7, [1], { scope: 'other' }),
    'is no list': () => '{"items": "none"}',
    'is a page of something in between': () => '<html>Please sign in</html>',
  })) {
    it(`is asked for again when it ${what}, and nothing of it is shown`, async () => {
      answers = [first(), pageAt(7, [2, 3])];
      desk = openDesk(options());
      const seen = new Set<number>();
      desk.client.workItems.subscribe(() => ids().forEach((id) => seen.add(id)));
      desk.client.connect();
      await desk.is('connected');
      expect(ids()).to.deep.equal([2, 3]);
      await until(() => seen.size > 0);
      expect([...seen]).to.deep.equal([2, 3]);
      expect(asked.map(({ begun }) => begun)).to.deep.equal([false, true]);
      // Nobody was promised it: that it came to nothing is no failure.
      expect(desk.errors).to.deep.equal([]);
    });
  }

  it('is asked for again when the hub fails it', async () => {
    const { onList } = hub;
    hub.onList = (res, req) => {
      if (asked.length === 0) res.statusCode = 503;
      onList(res, req);
    };
    desk = startDesk(options());
    await desk.is('connected');
    expect(ids()).to.deep.equal([1, 2, 3]);
    expect([asked.length, desk.errors.length]).to.deep.equal([2, 0]);
  });

  it('is asked for with the next token when the first is refused, and what came for that one is forgotten', async () => {
    let tokens = 0;
    hub.refuse = ({ token }) => (token === 'token 1' ? { code: 'unauthenticated', message: 'No.' } : null);
    // What a cache in between might have kept for whoever had the first token.
    answers = [pageAt(7, [9]), pageAt(7, [2])];
    desk = startDesk({ ...options(), getToken: () => `token ${++tokens}` });
    hub.onVisit = (visit) => void until(() => asked.length > 1).then(() => visit.ready(7));
    await desk.is('connected');
    expect(asked.map(({ token }) => token)).to.deep.equal(['Bearer token 1', 'Bearer token 2']);
    expect(ids()).to.deep.equal([2]);
  });

  it('shows nothing when the client is closed meanwhile, nor to whoever connects it then', async () => {
    let release = (): void => {};
    const { onList } = hub;
    // The first stream never begins: with a position, nothing would be asked for ahead.
    hub.onVisit = () => {};
    hub.onList = (res, req) => {
      if (asked.length > 0) return onList(res, req);
      asked.push({ cursor: null, token: req.headers.authorization, begun: false });
      release = () => void res.end(pageAt(7, [9]));
    };
    desk = startDesk(options());
    await until(() => asked.length === 1);
    desk.client.close();
    release();
    answers = ['', pageAt(7, [2])];
    hub.onVisit = (visit) =>
      void until(() => asked.length > 1).then(() => visit.ready(7, { principal: { ...PRINCIPAL, sub: 'bob' } }));
    desk.client.connect();
    await desk.is('connected');
    expect(ids()).to.deep.equal([2]);
    expect(asked).to.have.lengthOf(2);
  });

  it('is not asked for ahead once there is a position: what is there stays, and the stream goes on', async () => {
    desk = startDesk(options());
    await desk.is('connected');
    hub.onVisit = (visit) => visit.ready(7, { verdict: 'resumed' });
    (await hub.visit(1)).socket.disconnect(true);
    await hub.visit(2);
    await desk.is('connected');
    expect(asked).to.have.lengthOf(1);
    expect(ids()).to.deep.equal([1, 2, 3]);
  });
});

// What the hub says against the contract is reported and never thrown; what is only new is left alone.
import { expect } from 'chai';
import { makeItem } from '../sockets/events.js';
import { until } from '../support/until.js';
import { openDesk, SOON } from './desk.js';
import { type FakeHub, frame, page, startFakeHub } from './fake-hub.js';

const getToken = (): string => 'a.token';

describe('raw client: a hub that speaks rubbish', () => {
  let hub: FakeHub;
  beforeEach(async () => {
    hub = await startFakeHub();
  });
  afterEach(() => hub.close());

  const { subject: _subject, ...nameless } = makeItem({ id: 3 });
  for (const [what, message] of Object.entries({
    'a text that is no JSON': '<html>',
    'JSON that is no object': '42',
    null: 'null',
    'an event without a name': '{"data":{}}',
    'an event without a place': '{"event":"head","data":{}}',
    'a place of the wrong type': frame('head', {}, 'x' as never),
    'an item that is none': frame('new_workitem', { id: 'x' }, 2),
    'an item without a field': frame('new_workitem', nameless, 2),
    'an item with fields of the wrong type': frame('new_workitem', { ...makeItem(), extracted_fields: 3 }, 2),
    'a change without its item': frame('status_update', { id: 3 }, 2),
  })) {
    it(`makes up for ${what} by the list, and goes on`, async () => {
      const desk = openDesk({ url: hub.url, getToken });
      const visit = await hub.visit(1);
      await desk.is('connected');
      hub.onList = (_query, res) => res.end(page([makeItem({ id: 8 })]));
      visit.socket.send(message);
      await until(() => desk.snapshots.length === 2);
      visit.say('new_workitem', makeItem({ id: 9 }), 3);
      await until(() => desk.events.length === 1);
      expect(desk.errors.map(({ code }) => code)).to.deep.equal(['bad_message']);
      expect(desk.snapshots[1]).to.deep.include({ ids: [8], missed: true });
      expect([...desk.items.keys()]).to.deep.equal([8, 9]);
      desk.client.close();
    });
  }

  it('makes up for it once per connection only', async () => {
    const desk = openDesk({ url: hub.url, getToken });
    const visit = await hub.visit(1);
    await desk.is('connected');
    for (let i = 0; i < 100; i++) visit.socket.send('rubbish');
    visit.say('new_workitem', makeItem({ id: 9 }), 1);
    await until(() => desk.events.length === 1 && desk.snapshots.length === 2);
    expect(desk.errors).to.have.lengthOf(100);
    expect(hub.lists).to.have.lengthOf(2);
    desk.client.close();
  });

  it('takes no notice of unknown events and of added fields', async () => {
    const desk = openDesk({ url: hub.url, getToken });
    const visit = await hub.visit(1);
    await desk.is('connected');
    visit.socket.send('{"event":"fireworks"}');
    visit.say('workitem_painted', 'red', 5);
    visit.say('new_workitem', { ...makeItem({ id: 4, status: 'sublimated' as never }), colour: 'red' }, 1);
    await until(() => desk.events.length === 1);
    expect(desk.errors).to.deep.equal([]);
    expect(desk.events[0]?.data).to.include({ colour: 'red', status: 'sublimated' });
    desk.client.close();
  });

  it('drops what it has seen, and what is of another log', async () => {
    const desk = openDesk({ url: hub.url, getToken });
    const visit = await hub.visit(1);
    await desk.is('connected');
    visit.say('new_workitem', makeItem({ id: 1 }), 2);
    visit.say('new_workitem', makeItem({ id: 1 }), 2);
    visit.say('new_workitem', makeItem({ id: 2 }), 1);
    visit.say('new_workitem', makeItem({ id: 3 }), 9, 'e2');
    visit.say('head', {}, 1);
    visit.say('new_workitem', makeItem({ id: 4 }), 3);
    await until(() => desk.events.length === 2);
    expect(desk.events.map(({ item }) => item.id)).to.deep.equal([1, 4]);
    expect(desk.client.position).to.include({ epoch: 'e1', seq: 3 });
    desk.client.close();
  });

  it('comes back with growing waits from a ready that cannot be read, and hears nothing before ready', async () => {
    hub.onVisit = (visit) => {
      visit.say('new_workitem', makeItem({ id: 1 }), 1);
      visit.socket.send('rubbish');
      if (hub.visits.length < 4) visit.say('ready', { verdict: 'fresh', principal: 'me' }, 0);
      else visit.ready();
    };
    const desk = openDesk({ url: hub.url, getToken });
    await desk.is('connected');
    expect(desk.states.filter((state) => state === 'offline:bad_message')).to.have.lengthOf(3);
    expect(desk.errors).to.have.lengthOf(7);
    expect(desk.events).to.deep.equal([]);
    desk.client.close();
  });

  it('does not work with a hub that is too old, and works with a newer one', async () => {
    hub.onVisit = (visit) => visit.ready(0, { contract: 0 });
    const old = openDesk({ url: hub.url, getToken });
    await old.is('closed');
    expect(old.states.at(-1)).to.equal('closed:unsupported');
    hub.onVisit = (visit) => visit.ready(0, { contract: 2, reason: 'of_its_own', limits: {} });
    const young = openDesk({ url: hub.url, getToken });
    await young.is('connected');
    young.client.close();
  });

  for (const [what, body] of Object.entries({
    'a page of HTML': '<html></html>',
    nothing: '',
    'a list without a position': '{"items":[],"next_cursor":null}',
    'an item that is none': page([{ id: 1 }]),
    'a cursor of the wrong type': page([], 3 as never),
    'a list that leads round in a circle': page([makeItem()], 'again'),
    'a list of nothing that does not end': page([], 'again'),
  })) {
    it(`asks again, with growing waits, after ${what}`, async () => {
      let bad = true;
      let answer = body;
      hub.onList = (query, res) => {
        // One list is all bad or all good: it begins without a cursor.
        if (!query.has('cursor')) answer = bad ? body : page([makeItem({ id: 4 })]);
        res.end(answer);
      };
      const desk = openDesk({ url: hub.url, getToken });
      await until(() => desk.errors.length >= 2);
      expect(desk.client.state).to.equal('catching_up');
      expect(desk.errors[0]).to.include({ code: 'bad_message' });
      bad = false;
      await desk.is('connected');
      expect(desk.snapshots.map(({ ids }) => ids)).to.deep.equal([[4]]);
      desk.client.close();
    });
  }

  it('asks again after an error, no earlier than it is told', async () => {
    const asked: number[] = [];
    hub.onList = (_query, res) => {
      asked.push(performance.now());
      if (asked.length > 1) return void res.end(page([]));
      res.writeHead(429, { 'retry-after': '1' }).end('{"error":{"code":"rate_limited","message":"Later."}}');
    };
    const desk = openDesk({ url: hub.url, getToken });
    await desk.is('connected');
    expect((asked[1] as number) - (asked[0] as number)).to.be.at.least(990);
    expect(desk.errors).to.deep.equal([{ code: 'rate_limited', message: 'Later.' }]);
    desk.client.close();
  });

  it('gives a list up that does not come', async () => {
    let asked = 0;
    hub.onList = (_query, res) => {
      if (++asked > 1) res.end(page([]));
    };
    const desk = openDesk({ url: hub.url, getToken, timeoutMs: 100, backoff: SOON });
    await desk.is('connected');
    expect(desk.errors.map(({ code }) => code)).to.deep.equal(['unreachable']);
    desk.client.close();
  });
});

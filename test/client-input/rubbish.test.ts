// A hub that speaks rubbish: reported, never thrown into the application, and never a loop.
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { makeItem } from '../sockets/events.js';
import { until } from '../support/until.js';
import { openDesk, startDesk } from './desk.js';
import { AT, EPOCH, type FakeHub, page, readyData, startFakeHub } from './fake-hub.js';

const getToken = (): string => 'a.token';

describe('client: a hub that speaks rubbish', () => {
  let hub: FakeHub;
  const thrown: unknown[] = [];
  const onThrown = (error: unknown): void => void thrown.push(error);
  before(() => {
    process.on('unhandledRejection', onThrown);
  });
  after(() => {
    process.off('unhandledRejection', onThrown);
  });
  beforeEach(async () => {
    hub = await startFakeHub();
  });
  afterEach(async () => {
    await hub.close();
    expect(thrown).to.deep.equal([]);
  });

  const meta = (seq: number): object => ({ epoch: EPOCH, seq, at: AT });
  for (const [what, args] of Object.entries<unknown[]>({
    'nothing at all': [],
    null: [null, meta(2)],
    'a text': ['new', meta(2)],
    'a list': [[makeItem()], meta(2)],
    'an item without its place': [makeItem()],
    'an item in a place of the wrong type': [makeItem(), { epoch: 7, seq: '2', at: AT }],
    'an item in a place below zero': [makeItem(), { epoch: EPOCH, seq: -1, at: AT }],
    'an item without a field': [{ ...makeItem(), subject: undefined }, meta(2)],
    'an item whose fields are of the wrong type': [{ ...makeItem(), id: '7', version: {} }, meta(2)],
    'an item with too deep a rubbish': [{ ...makeItem(), extracted_fields: [[[[]]]] }, meta(2)],
    bytes: [Buffer.from('rubbish'), meta(2)],
  })) {
    it(`makes up for ${what} by the list, and goes on`, async () => {
      const desk = startDesk({ url: hub.url, getToken });
      const { socket, say } = await hub.visit(1);
      await desk.is('connected');
      hub.onList = (res) => void res.end(page([makeItem({ id: 8 })]));
      socket.emit('new_workitem', ...args);
      await until(() => desk.reports.length === 2);
      expect(desk.reports[1]).to.include({ missed: true });
      say('new_workitem', makeItem({ id: 9 }), 3);
      await until(() => desk.events.length === 1);
      expect(desk.codes()).to.deep.equal(['bad_message']);
      expect(desk.client.workItems.items.map(({ id }) => id)).to.deep.equal([9, 8]);
      desk.client.close();
    });
  }

  it('asks for one list only, however much rubbish there is', async () => {
    const desk = startDesk({ url: hub.url, getToken });
    const { socket, say } = await hub.visit(1);
    await desk.is('connected');
    for (let i = 0; i < 200; i++) socket.emit('status_update', { rubbish: i });
    say('new_workitem', makeItem({ id: 9 }), 3);
    await until(() => desk.events.length === 1 && desk.reports.length === 2);
    expect(desk.errors).to.have.lengthOf(200);
    expect(hub.lists()).to.equal(2);
    desk.client.close();
  });

  it('takes messages of many megabytes', async () => {
    const desk = startDesk({ url: hub.url, getToken });
    const { socket, say } = await hub.visit(1);
    await desk.is('connected');
    const subject = 'x'.repeat(8_000_000);
    say('new_workitem', makeItem({ id: 3, subject }), 1);
    socket.emit('status_update', subject, meta(2));
    await until(() => desk.events.length === 1 && desk.errors.length === 1);
    expect(desk.client.workItems.get(3)?.subject).to.have.lengthOf(subject.length);
    expect(JSON.stringify(desk.errors[0])).to.have.lengthOf.below(10_000);
    desk.client.close();
  });

  it('takes no notice of unknown events and of added fields', async () => {
    const desk = startDesk({ url: hub.url, getToken });
    const { socket, say } = await hub.visit(1);
    await desk.is('connected');
    for (const name of ['fireworks', 'toString', 'constructor', '__proto__', 'error', 'state', 'event']) {
      socket.emit(name, 'boo', meta(7));
    }
    say('new_workitem', { ...makeItem({ id: 4 }), colour: 'red' }, 1);
    await until(() => desk.events.length === 1);
    expect(desk.errors).to.deep.equal([]);
    expect(desk.events[0]?.data).to.include({ colour: 'red' });
    desk.client.close();
  });

  it('drops what it has seen, and what is of another log', async () => {
    const desk = startDesk({ url: hub.url, getToken });
    const { say } = await hub.visit(1);
    await desk.is('connected');
    say('new_workitem', makeItem({ id: 1 }), 2);
    say('new_workitem', makeItem({ id: 1 }), 2);
    say('new_workitem', makeItem({ id: 2 }), 1);
    say('new_workitem', makeItem({ id: 3 }), 9, 'e2');
    say('head', { epoch: EPOCH, seq: 1 }, 1);
    say('head', { epoch: 'e2', seq: 99 }, 99, 'e2');
    say('new_workitem', makeItem({ id: 4 }), 3);
    await until(() => desk.events.length === 2);
    expect(desk.events.map(({ data }) => data.id)).to.deep.equal([1, 4]);
    expect(desk.client.position).to.include({ epoch: EPOCH, seq: 3 });
    desk.client.close();
  });

  it('lives with a stream that begins twice', async () => {
    const desk = startDesk({ url: hub.url, getToken });
    const visit = await hub.visit(1);
    await desk.is('connected');
    visit.say('new_workitem', makeItem({ id: 1 }), 2);
    visit.ready(2, { verdict: 'resumed' });
    visit.say('new_workitem', makeItem({ id: 1 }), 2);
    visit.say('new_workitem', makeItem({ id: 2 }), 3);
    await until(() => desk.events.length === 2);
    await desk.is('connected');
    expect(desk.events.map(({ data }) => data.id)).to.deep.equal([1, 2]);
    desk.client.close();
  });

  it('gives up a connection that never begins a stream, whatever else is said there', async () => {
    hub.onVisit = ({ say, socket }) => {
      const talk = setInterval(() => say('head', { epoch: EPOCH, seq: 1 }, 1), 10);
      socket.once('disconnect', () => clearInterval(talk));
    };
    const desk = startDesk({ url: hub.url, getToken, silenceMs: 60 });
    await hub.visit(3);
    expect(desk.states).to.include.members(['catching_up', 'offline:unreachable']);
    expect(desk.states).not.to.include('connected');
    desk.client.close();
  });

  it('comes back with growing waits from a ready that cannot be read', async () => {
    hub.onVisit = ({ socket, ready }) => {
      if (hub.visits.length < 4) socket.emit('ready', { ...readyData(), principal: 'me' }, meta(0));
      else ready();
    };
    const desk = startDesk({ url: hub.url, getToken });
    await desk.is('connected');
    expect(desk.codes()).to.deep.equal(['bad_message', 'bad_message', 'bad_message']);
    expect(desk.states.filter((state) => state === 'offline:bad_message')).to.have.lengthOf(3);
    desk.client.close();
  });

  for (const [what, data] of Object.entries<object>({
    'without a code': { why: 'no' },
    'with a code of its own': { code: 'full_moon', message: 'Not tonight.' },
    'with a message that is none': { code: 'unavailable', message: { no: 1 } },
    'with a wait that no timer can do': { code: 'unavailable', message: 'Later.', retry_after_ms: 1e12 },
    'with a wait below zero': { code: 'unavailable', message: 'Later.', retry_after_ms: -1e9 },
  })) {
    it(`stays bounded when it is refused ${what}`, async () => {
      hub.refuse = () => data;
      const desk = startDesk({ url: hub.url, getToken });
      await desk.is('offline');
      expect(desk.client.state.retryAt).to.be.within(Date.now() - 1_000, Date.now() + 660_000);
      // Bounded by the waits of up to 60 ms, were they all of no length at all it would be hundreds.
      await delay(200);
      expect(hub.handshakes).to.have.lengthOf.below(40);
      desk.client.close();
    });
  }

  for (const [what, body] of Object.entries({
    'a page of HTML': '<html></html>',
    nothing: '',
    null: 'null',
    'a list without a position': '{"items":[],"next_cursor":null}',
    'an item that is none': page([{ id: 1 }]),
    'a cursor of the wrong type': page([], 3 as never),
    'a list that leads round in a circle': page([makeItem()], 'again'),
    'a list of nothing that does not end': page([], 'again'),
  })) {
    it(`asks for the list again after ${what}`, async () => {
      let bad = true;
      // The pages of one list are all bad or all good.
      hub.onList = (res, { url }) => {
        const isFirst = !url?.includes('cursor=');
        res.end(bad || !isFirst ? body : page([makeItem({ id: 4 })]));
      };
      const desk = startDesk({ url: hub.url, getToken });
      await until(() => desk.errors.length >= 2);
      expect(desk.client.state.name).to.equal('catching_up');
      expect(desk.codes()[0]).to.equal('bad_message');
      bad = false;
      await desk.is('connected');
      expect(desk.client.workItems.items.map(({ id }) => id)).to.deep.equal([4]);
      desk.client.close();
    });
  }

  it('asks for the list again after an error, and no earlier than it is told', async () => {
    const asked: number[] = [];
    hub.onList = (res) => {
      asked.push(performance.now());
      if (asked.length === 1) return void res.writeHead(500).end('<html>');
      if (asked.length > 2) return void res.end(page([]));
      res.writeHead(429, { 'retry-after': '1' }).end('{"error":{"code":"rate_limited","message":"Later."}}');
    };
    const desk = startDesk({ url: hub.url, getToken });
    await desk.is('connected');
    expect((asked[2] as number) - (asked[1] as number)).to.be.at.least(990);
    expect(desk.codes()).to.deep.equal(['unreachable', 'rate_limited']);
    desk.client.close();
  });

  it('does not ask without a pause for a list that is always of another log', async () => {
    hub.onList = (res) => void res.end(page([], null, 'e0'));
    const desk = startDesk({ url: hub.url, getToken, backoff: { minMs: 100, maxMs: 100 } });
    await until(() => hub.lists() > 2);
    const before = hub.lists();
    await delay(300);
    expect(hub.lists() - before).to.be.below(60);
    expect(desk.client.state.name).to.equal('catching_up');
    desk.client.close();
  });

  it('rejects commands whose answer is rubbish', async () => {
    const answers: unknown[] = ['yes', null, { ok: true }, { ok: true, item: { id: 'x' } }, { ok: false }, {}];
    hub.onVisit = (visit) => {
      visit.socket.onAny((_name: string, _body: unknown, reply: (answer: unknown) => void) => reply(answers.shift()));
      visit.ready();
    };
    const desk = startDesk({ url: hub.url, getToken });
    await desk.is('connected');
    while (answers.length > 0) {
      const left = answers.length;
      const error = await desk.client.claim(1).then(
        () => null,
        (reason: { code: string }) => reason,
      );
      expect(error?.code, `${left} left`).to.equal('bad_message');
    }
    desk.client.close();
  });

  it('ends with close, also when that is called while it reports', async () => {
    hub.refuse = () => ({ code: 'unavailable', message: 'Not now.' });
    for (const word of ['error', 'state'] as const) {
      const desk = openDesk({ url: hub.url, getToken });
      desk.client.on(word, () => {
        if (word === 'error' || desk.client.state.name === 'offline') desk.client.close();
      });
      desk.client.connect();
      await desk.is('closed');
      const handshakes = hub.handshakes.length;
      await delay(100);
      expect(hub.handshakes.length, word).to.equal(handshakes);
      expect(desk.states.at(-1), word).to.equal('closed:closed');
    }
  });
});

// The way of one mail, whole: posted by the Logic App, seen by who may, on every kind of socket, and by nobody else.
import { expect } from 'chai';
import { newItems, startHub, type TestHub } from '../support/hub.js';

const MAIL = {
  subject: 'Cyber quote request - Harbour Lane Dental Ltd',
  from: 'jo.mercer@mercerbrokers.example.com',
  internetMessageId: '<journey-1@mercerbrokers.example.com>',
  body: 'Insured: Harbour Lane Dental Ltd\nClass: Cyber\nLimit: £2,000,000\nInception: 1 March 2027\n\nJo Mercer\nMercer Brokers Ltd',
};

describe('a mail', () => {
  let hub: TestHub;
  before(async () => {
    hub = await startHub();
  });
  after(() => hub.close());

  it('reaches everyone entitled once, on Socket.IO and on the bridge, with its fields', async () => {
    const alice = await hub.socket('alice');
    const sam = await hub.socket('sam', { roles: ['supervisor'] });
    const old = hub.raw('');
    const v2 = hub.raw(`?v=2&token=${await hub.token('bob')}`);
    await Promise.all([alice.named('caught_up'), sam.named('caught_up'), v2.named('caught_up')]);

    const first = await hub.mail(MAIL);
    const repeat = await hub.mail(MAIL);
    expect(first.status).to.equal('success');
    expect(repeat).to.include({ status: 'duplicate', submission_id: first.submission_id });
    const barrier = await hub.item();

    for (const ear of [alice, sam, v2, old]) {
      await ear.until(({ event, data }) => event === 'new_workitem' && data.id === barrier.submission_id);
      expect(newItems(ear)).to.deep.equal([first.submission_id, barrier.submission_id]);
    }
    const fields = {
      insured_name: 'Harbour Lane Dental Ltd',
      policy_type: 'Cyber',
      coverage_amount: '£2,000,000',
      effective_date: '2027-03-01',
      broker: 'Mercer Brokers Ltd',
    };
    expect(alice.heard.find(({ event }) => event === 'new_workitem')?.data).to.deep.include({
      extracted_fields: fields,
    });
    expect(JSON.parse(old.texts[0] as string).data).to.have.all.keys(
      'id',
      'submission_id',
      'submission_ref',
      'subject',
      'from_email',
      'created_at',
      'status',
      'extracted_fields',
    );
  });

  it('for one person is seen by that person and by supervisors, and by nobody else', async () => {
    const alice = await hub.socket('alice');
    const bob = await hub.socket('bob');
    const sam = await hub.socket('sam', { roles: ['supervisor'] });
    await Promise.all([alice, bob, sam].map((ear) => ear.named('caught_up')));
    const own = await hub.item({ assigned_to: 'alice' });
    const barrier = await hub.item();
    for (const ear of [alice, bob, sam]) await ear.until(({ data }) => data.id === barrier.submission_id);
    expect(newItems(alice)).to.deep.equal([own.submission_id, barrier.submission_id]);
    expect(newItems(sam)).to.deep.equal([own.submission_id, barrier.submission_id]);
    expect(newItems(bob)).to.deep.equal([barrier.submission_id]);
  });

  it('is claimed by one, and the others are told that it has gone', async () => {
    const alice = await hub.socket('alice');
    const bob = await hub.socket('bob');
    const old = hub.raw('');
    await Promise.all([alice.named('caught_up'), bob.named('caught_up')]);
    const { submission_id: id } = await hub.item();
    for (const ear of [alice, bob]) await ear.until(({ data }) => data.id === id);
    const [mine, theirs] = await Promise.all([
      alice.client.emitWithAck('claim', { id }),
      bob.client.emitWithAck('claim', { id }),
    ]);
    const winner = mine.ok ? 'alice' : 'bob';
    const [won, lost] = mine.ok ? [mine, theirs] : [theirs, mine];
    expect(won.item).to.include({ id, assigned_to: winner, status: 'in_progress', version: 2 });
    expect(lost.error).to.include({ code: 'conflict' });
    expect(lost.error.details).to.include({ id, assigned_to: winner, status: 'in_progress', version: 2 });
    for (const ear of [alice, bob]) {
      const { data } = await ear.named('workitem_assigned');
      expect(data).to.include({
        id,
        assigned_to: winner,
        previous_assigned_to: null,
        previous_status: 'pending',
        by: winner,
      });
    }
    expect((await old.named('status_update')).data).to.have.all.keys('submission_ref', 'status', 'updated_at');
  });

  it('that came while nobody looked is replayed from the position, and only what was missed', async () => {
    const alice = await hub.socket('alice');
    const { data: ready } = await alice.named('ready');
    const seen = await hub.item();
    const { seq } = await alice.until(({ data }) => data.id === seen.submission_id);
    alice.client.close();
    const missed = [await hub.item(), await hub.item({ assigned_to: 'alice' })];
    await hub.item({ assigned_to: 'bob' });
    const position = { epoch: ready.epoch as string, seq, scope: ready.scope as string };
    const again = await hub.socket('alice', { position });
    const { data: verdict } = await again.named('ready');
    expect(verdict).to.include({ verdict: 'resumed', seq });
    const { data: caughtUp } = await again.named('caught_up');
    expect(caughtUp).to.include({ count: 2 });
    expect(newItems(again)).to.deep.equal(missed.map(({ submission_id }) => submission_id));
  });

  it('is there again after the hub was restarted, and the old position still holds', async () => {
    const alice = await hub.socket('alice');
    const { data: ready, seq } = await alice.named('ready');
    const closed = new Promise((resolve) => alice.client.once('disconnect', resolve));
    const first = await hub.item();
    await alice.until(({ data }) => data.id === first.submission_id);
    await hub.restart();
    await closed;
    const second = await hub.item();
    const again = await hub.socket('alice', { position: { epoch: ready.epoch as string, seq } });
    await again.named('caught_up');
    expect(newItems(again)).to.deep.equal([first.submission_id, second.submission_id]);
  });
});

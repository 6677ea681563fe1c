// Confirming a submission, as the old service did: for oneself a claim, for somebody else an assignment that starts.
import { expect } from 'chai';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person, refusal } from './desk.js';

const alice = person('alice');
const bob = person('bob');
const chief = person('chief', ['supervisor']);

describe('confirm', () => {
  let database: TestDatabase;
  let desk: Desk;
  before(async () => {
    database = await testDatabase();
    desk = await openDesk(database.mongo);
    for (const one of [alice, bob, chief]) desk.people.seen(one);
  });
  after(async () => {
    await desk.close();
    await database.drop();
  });

  for (const [what, body] of [
    ['without an e-mail', {}],
    ['with one’s own e-mail in another case', { underwriter_email: 'ALICE@hub.EXAMPLE' }],
  ] as const) {
    it(`${what} claims`, async () => {
      const { id, submission_ref } = await desk.receive();
      expect(await desk.commands.confirm(alice, submission_ref, body)).to.deep.equal({
        submission_id: id,
        submission_ref,
        work_item_id: id,
        assigned_to: 'alice',
        task_status: 'in_progress',
      });
      expect((await desk.history(id)).map(({ action }) => action)).to.deep.equal(['created', 'claimed']);
    });
  }

  it('with somebody’s e-mail assigns and starts in one version and one event', async () => {
    const { id, submission_ref } = await desk.receive();
    const answer = await desk.commands.confirm(chief, submission_ref, { underwriter_email: 'bob@hub.example' });
    expect(answer).to.deep.include({ assigned_to: 'bob', task_status: 'in_progress' });
    const [, event, ...others] = await desk.events(id);
    expect(others).to.be.empty;
    expect(event).to.deep.include({ type: 'workitem_assigned', version: 2 });
    expect(event?.data).to.deep.include({
      assigned_to: 'bob',
      previous_assigned_to: null,
      previous_status: 'pending',
      by: 'chief',
    });
    // Again: it is so already.
    await desk.commands.confirm(chief, submission_ref, { underwriter_email: 'bob@hub.example' });
    expect(await desk.events(id)).to.have.length(2);
  });

  it('for somebody else is for supervisors, and for known underwriters', async () => {
    const { submission_ref: ref } = await desk.receive();
    await refusal(desk.commands.confirm(alice, ref, { underwriter_email: 'bob@hub.example' }), 'forbidden');
    await refusal(desk.commands.confirm(chief, ref, { underwriter_email: 'nobody@hub.example' }), 'invalid');
    await refusal(desk.commands.confirm(chief, ref), 'forbidden');
  });

  it('of a closed item, or of one that another has, is a conflict', async () => {
    const closed = await desk.receive();
    await desk.force(closed.id, { status: 'bound' });
    await refusal(
      desk.commands.confirm(chief, closed.submission_ref, { underwriter_email: 'bob@hub.example' }),
      'conflict',
    );
    const taken = await desk.receive();
    await desk.commands.claim(bob, taken.id);
    const { details } = await refusal(desk.commands.confirm(alice, taken.submission_ref), 'conflict');
    expect(details).to.deep.include({ assigned_to: 'bob' });
  });
});

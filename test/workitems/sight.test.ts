// Reading: what one may not see does not exist, by whatever way one asks.
import { expect } from 'chai';
import mongoose from 'mongoose';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person, refusal } from './desk.js';

const alice = person('alice', ['underwriter'], ['property']);
const bob = person('bob', ['underwriter'], ['marine']);
const chief = person('chief', ['supervisor']);

describe('sight', () => {
  let database: TestDatabase;
  let desk: Desk;
  before(async () => {
    database = await testDatabase();
    desk = await openDesk(database.mongo);
  });
  after(async () => {
    await desk.close();
    await database.drop();
  });

  /** Every way to read an item. */
  const ways = (id: number, ref: string) => [
    (caller: typeof alice) => desk.snapshot.get(caller, id),
    (caller: typeof alice) => desk.snapshot.getByRef(caller, ref),
    (caller: typeof alice) => desk.snapshot.history(caller, id),
    (caller: typeof alice) => desk.snapshot.submission(caller, ref),
    (caller: typeof alice) => desk.snapshot.attachment(caller, ref, 'a1'),
  ];

  it('is the team’s, then the assignee’s, and the supervisors’ always', async () => {
    const { id, submission_ref: ref } = await desk.receive({
      team: 'property',
      attachments: [
        {
          id: 'a1',
          file: new mongoose.mongo.ObjectId(),
          name: 'a',
          content_type: 'a/b',
          size: 1,
          sha256: '',
        },
      ],
    });
    for (const read of ways(id, ref)) {
      await read(alice);
      await read(chief);
      await refusal(read(bob), 'not_found');
    }
    await desk.commands.claim(person('carol', ['underwriter'], ['property']), id);
    // Also for somebody who could see it before: only commands tell them where it went.
    for (const read of ways(id, ref)) {
      await refusal(read(alice), 'not_found');
      await read(chief);
    }
  });

  it('tells nothing apart that is not there and not visible', async () => {
    const { id, submission_ref: ref } = await desk.receive({ team: 'property' });
    const absent = '00000000-0000-4000-8000-000000000000';
    const hidden = await Promise.all(ways(id, ref).map((read) => refusal(read(bob), 'not_found')));
    const missing = await Promise.all(ways(9_999_999, absent).map((read) => refusal(read(bob), 'not_found')));
    expect(hidden.map((error) => error.toWire())).to.deep.equal(missing.map((error) => error.toWire()));
  });

  it('of lists ends with the caller’s rooms', async () => {
    await desk.receive({ team: 'marine' });
    await desk.receive({ assigned_to: 'bob' });
    const items = (await desk.snapshot.list(alice)).items;
    expect(items.every(({ team, assigned_to }) => assigned_to === 'alice' || (!assigned_to && team !== 'marine'))).to.be
      .true;
    const mails = await desk.snapshot.listSubmissions(alice);
    expect(mails.items.map((mail) => mail.work_item_id)).to.deep.equal(items.map(({ id }) => id));
    expect(mails.total).to.equal(items.length);
  });

  it('needs a role that sees items', async () => {
    const { id, submission_ref: ref } = await desk.receive();
    const robot = person('robot', ['intake']);
    for (const read of ways(id, ref)) await refusal(read(robot), 'forbidden');
    await refusal(desk.snapshot.list(robot), 'forbidden');
    await refusal(desk.snapshot.listSubmissions(robot), 'forbidden');
  });
});

// Items about the same business: whom they insure, who sent them; never more than the caller sees.
import { expect } from 'chai';
import { createSimilar } from '../../src/workitems/similar.js';
import { workItems } from '../../src/workitems/work-item.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, type Draft, openDesk, person, refusal } from './desk.js';

const boss = person('boss', ['supervisor']);
const alice = person('alice', ['underwriter'], ['red']);

describe('similar items', () => {
  let database: TestDatabase;
  let desk: Desk;
  beforeEach(async () => {
    database = await testDatabase();
    desk = await openDesk(database.mongo);
  });
  afterEach(async () => {
    await desk.close();
    await database.drop();
  });

  const insured = (insured_name: string | null, draft: Draft = {}) =>
    desk.receive({
      from_email: `${Math.random()}@${Math.random()}.example`,
      ...draft,
      extracted_fields: { insured_name },
    });
  const similar = (id: number, caller = boss) => createSimilar({ mongo: database.mongo }).similarTo(caller, id);
  const found = async (id: number, caller = boss) =>
    (await similar(id, caller)).map(({ item, reason }) => [item.id, reason]);

  it('insure the same company, however it is written, the newest first', async () => {
    const first = await insured('Harbour Lane Dental Ltd');
    const second = await insured('HARBOUR LANE DENTAL LIMITED');
    await insured('Harbour Lane Ltd');
    const third = await insured('The Harbour Lane Dental');
    expect(await found(second.id)).to.deep.equal([
      [third.id, 'same_insured'],
      [first.id, 'same_insured'],
    ]);
  });

  it('are whole items', async () => {
    const [first, second] = [await insured('Acme Ltd'), await insured('Acme Inc')];
    expect(await similar(second.id)).to.deep.equal([{ item: first, reason: 'same_insured' }]);
  });

  it('come from the same domain, with a subject of the same words', async () => {
    const from = (from_email: string, subject: string, name: string | null = null) =>
      insured(name, { from_email, subject });
    const first = await from('jo@broker.example', 'Cyber quote request - Harbour Lane Dental Ltd');
    await from('jo@broker.example', 'Cyber quote request - Tarn Mill Ltd');
    await from('jo@other.example', 'Harbour Lane Dental');
    const both = await from('jo@broker.example', 'Harbour Lane: documents', 'Harbour Lane Dental Ltd');
    const asked = await from('tim@BROKER.example', 'RE: Harbour Lane', 'Harbour Lane Dental');
    expect(await found(asked.id)).to.deep.equal([
      [both.id, 'same_insured'],
      [first.id, 'same_sender'],
    ]);
  });

  it('are none for an item that names nobody and came from nobody', async () => {
    for (let i = 0; i < 3; i++) await desk.receive({ from_email: null, subject: 'Harbour Lane Dental' });
    expect(await found((await desk.receive({ from_email: null, subject: 'Harbour Lane Dental' })).id)).to.deep.equal(
      [],
    );
  });

  it('are only those that the caller sees', async () => {
    const mine = await insured('Acme Ltd', { assigned_to: 'alice' });
    const open = await insured('Acme Ltd');
    const team = await insured('Acme Ltd', { team: 'red' });
    const other = await insured('Acme Ltd', { team: 'blue' });
    const bobs = await insured('Acme Ltd', { assigned_to: 'bob' });
    const ids = (some: (string | number | undefined)[][]) => some.map(([id]) => id);
    expect(ids(await found(mine.id, alice))).to.deep.equal([team.id, open.id]);
    expect(ids(await found(mine.id))).to.deep.equal([bobs.id, other.id, team.id, open.id]);
    for (const id of [bobs.id, other.id, 999]) await refusal(similar(id, alice), 'not_found');
    await refusal(similar(mine.id, person('robot', ['intake'])), 'forbidden');
  });

  it('are twenty at most, with the same insured before others', async () => {
    const subject = 'Harbour Lane Dental';
    const old = [];
    for (let i = 0; i < 15; i++) old.push((await insured('Acme Ltd')).id);
    const sent = [];
    for (let i = 0; i < 10; i++) sent.push((await insured(null, { from_email: 'a@b.example', subject })).id);
    const asked = await insured('Acme', { from_email: 'c@b.example', subject });
    const all = await found(asked.id);
    expect(all).to.deep.equal([
      ...sent
        .slice(5)
        .reverse()
        .map((id) => [id, 'same_sender']),
      ...old.reverse().map((id) => [id, 'same_insured']),
    ]);
  });

  it('are found among items of before there were keys, which stay as they are otherwise', async () => {
    const first = await insured('Acme Ltd');
    const second = await insured('ACME LIMITED');
    const collection = workItems.of(database.mongo);
    const keys = (await desk.stored(first.id)).alike;
    await collection.updateMany({}, { $unset: { alike: true } });
    const before = await desk.stored(first.id);
    expect(await found(second.id)).to.deep.equal([[first.id, 'same_insured']]);
    expect(await desk.stored(first.id)).to.deep.equal({ ...before, alike: keys });
    expect(keys).to.include('insured:acme');
    expect(await collection.countDocuments({ alike: { $exists: false } })).to.equal(0);
  });

  it('are read from an index, those without keys as well', async () => {
    const collection = workItems.of(database.mongo);
    for (const alike of ['insured:acme', null]) {
      const plan = await collection
        .find({ alike: alike as string })
        .sort({ _id: -1 })
        .limit(500)
        .explain('queryPlanner');
      const { winningPlan } = (plan as { queryPlanner: { winningPlan: object } }).queryPlanner;
      expect(JSON.stringify(winningPlan)).to.contain('alike_1__id_-1').and.not.contain('"SORT"');
    }
  });
});

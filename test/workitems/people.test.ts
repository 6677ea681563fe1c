// People: remembered from their tokens, in batches, and found again at once.
import { expect } from 'chai';
import { persons } from '../../src/workitems/people.js';
import { failCommand, type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person } from './desk.js';

describe('people', () => {
  let database: TestDatabase;
  let desk: Desk;
  const online = new Set<string>();
  let connections = async (): Promise<ReadonlySet<string>> => online;
  before(async () => {
    database = await testDatabase();
    desk = await openDesk(database.mongo, () => connections());
  });
  beforeEach(() => persons.of(database.mongo).deleteMany({}));
  after(async () => {
    await desk.close();
    await database.drop();
  });

  it('are found as soon as they were seen, by id and by e-mail in any case', async () => {
    desk.people.seen(person('ann', ['underwriter'], ['marine']));
    const found = await desk.people.find('ann');
    expect(found).to.deep.include({ id: 'ann', email: 'ann@Hub.example', roles: ['underwriter'], teams: ['marine'] });
    expect(Date.parse(found?.last_seen ?? '')).to.be.closeTo(Date.now(), 60_000);
    expect(await desk.people.findByEmail(' ANN@hub.EXAMPLE ')).to.deep.equal(found);
    expect(await desk.people.find('nobody')).to.be.null;
    expect(await desk.people.findByEmail('nobody@hub.example')).to.be.null;
  });

  it('are as their newest token says', async () => {
    desk.people.seen(person('ben', ['underwriter'], ['marine']));
    desk.people.seen(person('ben', ['underwriter', 'supervisor'], []));
    expect(await desk.people.find('ben')).to.deep.include({ roles: ['underwriter', 'supervisor'], teams: [] });
  });

  it('are written once while nothing changes', async () => {
    desk.people.seen(person('cat'));
    await desk.people.find('cat');
    await persons.of(database.mongo).deleteMany({});
    desk.people.seen(person('cat'));
    expect(await desk.people.find('cat')).to.be.null;
  });

  it('are many at once', async () => {
    for (let i = 0; i < 3_000; i++) desk.people.seen(person(`p${i}`));
    await desk.people.find('p0');
    expect(await persons.of(database.mongo).countDocuments()).to.equal(3_000);
  });

  it('are no machines', async () => {
    desk.people.seen(person('logic-app', ['intake']));
    desk.people.seen(person('nothing', []));
    expect(await desk.people.find('logic-app')).to.be.null;
    expect(await desk.people.find('nothing')).to.be.null;
    desk.people.seen(person('both', ['intake', 'underwriter']));
    expect(await desk.people.find('both')).to.not.be.null;
  });

  it('are listed by name, with who is connected', async () => {
    for (const sub of ['zoe', 'amy', 'lea']) desk.people.seen(person(sub));
    online.add('lea');
    const listed = (await desk.people.list()).map(({ id, online: connected }) => [id, connected]);
    expect(listed).to.deep.equal([
      ['amy', false],
      ['lea', true],
      ['zoe', false],
    ]);
    connections = () => Promise.reject(new Error('no answer'));
    expect((await desk.people.list()).some((one) => one.online)).to.be.false;
  });

  it('are written when they are next seen, if MongoDB was away', async () => {
    const fault = await failCommand(database.mongo, { commands: ['update'], collection: 'people', errorCode: 11600 });
    desk.people.seen(person('dan'));
    await desk.people.find('dan');
    await fault.struck();
    await fault.off();
    expect(await desk.people.find('dan')).to.be.null;
    desk.people.seen(person('dan'));
    expect(await desk.people.find('dan')).to.not.be.null;
  });
});

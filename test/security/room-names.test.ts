// Names of people and teams that look like rooms, or like each other, open no other room.
import { expect } from 'chai';
import { newItems, startHub, type TestHub } from '../support/hub.js';

/** Who tries, and what they try to see. Each is an underwriter. */
const GUESSES: { sub: string; teams: string[] }[] = [
  { sub: 'supervisors', teams: [] },
  { sub: 'pool', teams: ['pool', 'supervisors'] },
  { sub: 'x', teams: ['underwriter:alice', 'alice', 'team:red'] },
  { sub: 'underwriter:alice', teams: [':red', 'red:', ' red', 'red ', 'RED', 'Red'] },
  { sub: 'team:red', teams: ['red,alice', 'red\u00a0', 'r\u200bed', 'ｒｅｄ', 're\u0301d'] },
  { sub: 'Alice', teams: ['red/', 'red.*', '.*', '*', '%', '$ne', '{"$ne":null}'] },
  { sub: ' alice', teams: ['__proto__', 'constructor', 'toString'] },
  { sub: 'alice ', teams: ['null', 'undefined', 'true', '[object Object]'] },
  { sub: 'ａlice', teams: ['red:red', 'team:team:red', '../red'] },
  { sub: '__proto__', teams: ['0', '-1', 'NaN'] },
  { sub: '*', teams: ['red|alice', 'red"', "red'", 'red\\'] },
  { sub: 'аlice', teams: ['rеd'] },
];

describe('names that look like rooms', () => {
  let hub: TestHub;
  const secret: number[] = [];
  before(async () => {
    hub = await startHub({ LIMIT_TEST_PER_MINUTE: '0' });
    for (const wishes of [{ assigned_to: 'alice' }, { team: 'red' }, { assigned_to: 'alice', team: 'red' }]) {
      secret.push((await hub.item(wishes)).submission_id);
    }
  });
  after(() => hub.close());

  for (const { sub, teams } of GUESSES) {
    it(`show nothing to ${JSON.stringify(sub)} of ${JSON.stringify(teams)}`, async () => {
      const token = await hub.token(sub, { teams });
      const list = await hub.call<{ items: { id: number }[]; position: object }>('GET', '/api/workitems', token);
      expect(list.status).to.equal(200);
      for (const id of secret) {
        expect(list.body.items.map((item) => item.id)).not.to.include(id);
        expect((await hub.call('GET', `/api/workitems/${id}`, token)).status).to.equal(404);
      }
      const ears = [await hub.socket(sub, { teams }), hub.raw(`?v=2&token=${token}`), hub.raw(`?token=${token}`)];
      await Promise.all(ears.slice(0, 2).map((ear) => ear.named('caught_up')));
      const later = [await hub.item({ assigned_to: 'alice' }), await hub.item({ team: 'red' })];
      // A barrier: whatever came before it would have been heard.
      const { submission_id: open } = await hub.item();
      for (const ear of ears.slice(0, 2)) {
        await ear.until(({ data }) => data.id === open);
        expect(newItems(ear)).not.to.include.members(later.map((item) => item.submission_id));
        expect(newItems(ear)).to.deep.equal([open]);
      }
      for (const ear of ears) ear.client.close();
    });
  }

  it('show a room to exactly those whose name is its own', async () => {
    const odd = 'Überseé: "Nord" & <Süd>, $1';
    const { submission_id: id } = await hub.item({ team: odd });
    const see = async (teams: string[]) =>
      (await hub.call('GET', `/api/workitems/${id}`, await hub.token('bob', { teams }))).status;
    expect(await see([odd])).to.equal(200);
    expect(await see([odd.toLowerCase(), odd.normalize('NFD'), `${odd} `])).to.equal(404);
  });
});

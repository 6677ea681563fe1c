// The first rule that fits names the team; without one a submission goes to the pool, and a bad file stops the start.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { ConfigError } from '../../src/config.js';
import { loadRoutingRules, routeToTeam } from '../../src/intake/routing.js';

describe('routing', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'routing-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const load = (content: unknown) => {
    const file = path.join(folder, 'rules.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return loadRoutingRules(file);
  };
  const cargo = { policyType: 'Marine Cargo', senderDomain: 'harbour.example.com' };

  it('has no rules by default', () => expect(routeToTeam(loadRoutingRules(undefined), cargo)).to.equal(null));

  it('takes the first rule whose conditions all hold, without case', () => {
    const rules = load({
      rules: [
        { policy_type: 'marine cargo', sender_domain: 'Harbour.Example.com', team: 'harbour-desk' },
        { policy_type: 'MARINE CARGO', team: 'marine' },
        { sender_domain: '@harbour.example.com', team: 'partners' },
      ],
    });
    expect(routeToTeam(rules, cargo)).to.equal('harbour-desk');
    expect(routeToTeam(rules, { ...cargo, senderDomain: null })).to.equal('marine');
    expect(routeToTeam(rules, { ...cargo, policyType: 'Cyber' })).to.equal('partners');
    expect(routeToTeam(rules, { ...cargo, policyType: null })).to.equal('partners');
    expect(routeToTeam(rules, { policyType: null, senderDomain: null })).to.equal(null);
    expect(routeToTeam(rules, { policyType: null, senderDomain: 'sub.harbour.example.com' })).to.equal(null);
  });

  it('names the file and the fault of a bad one', () => {
    const BAD: [unknown, RegExp][] = [
      ['{', /rules\.json/],
      [[], /expected object/i],
      [{ rules: [{ team: 'x' }] }, /rules\.0: needs policy_type, sender_domain or both/],
      [{ rules: [{ policy_type: 'Cyber' }] }, /rules\.0\.team/],
      [{ rules: [{ policy_type: 'Cyber', team: 'x', colour: 'red' }] }, /colour/],
      [{ rules: [{ policy_type: 5, team: 'x' }] }, /rules\.0\.policy_type/],
    ];
    for (const [content, message] of BAD) expect(() => load(content)).to.throw(ConfigError, message);
    expect(() => loadRoutingRules(path.join(folder, 'none.json'))).to.throw(ConfigError, /none\.json/);
  });
});

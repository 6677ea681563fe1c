import type { Item } from '@workitem-hub/client/contract';
import { compileFilter } from '@workitem-hub/client/filter';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Indexed, createFilterIndex } from '../../src/delivery/filter-index.js';
import { anyFilter, anyItem } from './arbitraries.js';

const people = fc.constantFrom('alice', 'bob', 'carol');

describe('the index of filters', () => {
  it('finds exactly the filters that an item passes before or after a change, whatever came and went', () => {
    const steps = fc.array(fc.record({ filter: fc.option(anyFilter), sub: people, stays: fc.boolean() }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, anyItem, fc.option(anyItem), (filters, { item }, earlier) => {
        const index = createFilterIndex();
        const kept = new Map<Indexed, (item: Item) => boolean>();
        const gone: Indexed[] = [];
        for (const { filter, sub, stays } of filters) {
          const predicate = compileFilter(filter, sub);
          const indexed = index.add(filter, predicate, sub);
          if (stays) kept.set(indexed, predicate);
          else gone.push(indexed);
        }
        for (const one of gone) index.remove(one);
        const before = earlier?.item ?? null;
        const expected = [...kept].flatMap(([one, passes]) =>
          passes(item) || (before && passes(before)) ? [one] : [],
        );
        expect([...index.passedBy(item, before)]).to.have.members(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('asks few of many filters', () => {
    const index = createFilterIndex();
    let asked = 0;
    for (let number = 0; number < 1_000; number++) {
      const filters = [
        { text: `insured ${number}` },
        { broker: `Brokers ${number}`, status: ['pending' as const] },
        { from_domain: `broker-${number}.example.com`, policy_type: ['Cyber'] },
        { min_coverage: { currency: 'USD', amount: 5_000_001 + number } },
        { team: [`team-${number}`], effective_from: '2026-01-01' },
        { assigned: 'me' as const, team: ['property'] },
      ];
      for (const filter of filters) {
        const passes = compileFilter(filter, `person-${number}`);
        const predicate = (item: Item): boolean => {
          asked += 1;
          return passes(item);
        };
        index.add(filter, predicate, `person-${number}`);
      }
    }
    const item: Item = {
      id: 1,
      submission_id: 1,
      submission_ref: 'r',
      subject: 'Submission for Insured 7 Ltd',
      from_email: 'anna@broker-7.example.com',
      created_at: '',
      status: 'pending',
      extracted_fields: {
        insured_name: 'Insured 7 Ltd',
        policy_type: 'Cyber',
        coverage_amount: '$2,000,000',
        effective_date: '2026-03-01',
        broker: 'Brokers 7',
      },
      assigned_to: 'person-7',
      team: 'property',
      version: 1,
      updated_at: '',
    };
    const passed = index.passedBy(item, null);
    expect(passed.size).to.equal(4);
    expect(asked).to.be.below(200);
  });
});

// Filters against the contract are refused where they are given, with or without a connection.
import { createWorkItemClient, type Filter, WorkItemError } from '@workitem-hub/client';
import { filterSchema } from '@workitem-hub/client/request-schemas';
import { expect } from 'chai';

const BAD: readonly unknown[] = [
  { nope: 1 },
  { status: ['weird'] },
  { status: 'pending' },
  { policy_type: [''] },
  { team: Array.from({ length: 101 }, (_, i) => `t${i}`) },
  { broker: 'x'.repeat(201) },
  { from_domain: 7 },
  { assigned: 'you' },
  { min_coverage: { currency: 'pounds', amount: 1 } },
  { max_coverage: { currency: 'GBP', amount: -1 } },
  { effective_from: 'tomorrow' },
  [],
  'pending',
];
const GOOD: readonly Filter[] = [
  {},
  { status: ['pending', 'quoted'], policy_type: ['Cyber'], team: ['property'], assigned: 'me' },
  { broker: 'Mercer', from_domain: 'b.example', text: 'dental', effective_from: '2026-01-01', effective_to: undefined },
  { min_coverage: { currency: 'GBP', amount: 0 }, max_coverage: { currency: 'GBP', amount: 5_000_000.5 } },
];
const options = { url: 'http://127.0.0.1:9', getToken: () => 'x' };

describe('client: filters', () => {
  for (const filter of BAD) {
    it(`such as ${JSON.stringify(filter).slice(0, 60)} are invalid, as for the hub`, async () => {
      expect(filterSchema.safeParse(filter).success).to.equal(false);
      expect(() => createWorkItemClient({ ...options, filter: filter as Filter }))
        .to.throw(WorkItemError)
        .with.property('code', 'invalid');
      const client = createWorkItemClient(options);
      const refusal = await client.setFilter(filter as Filter).then(
        () => null,
        (error: WorkItemError) => error.code,
      );
      expect(refusal).to.equal('invalid');
      expect(client.filter).to.equal(null);
    });
  }

  it('that the hub takes are taken', async () => {
    for (const filter of GOOD) {
      expect(filterSchema.safeParse(filter).success).to.equal(true);
      const client = createWorkItemClient({ ...options, filter });
      await client.setFilter(null);
      await client.setFilter(filter);
      expect(client.filter).to.deep.equal(filter);
    }
  });

  it('or a getToken that is no function are refused at once', () => {
    expect(() => createWorkItemClient({ url: options.url, getToken: undefined as never }))
      .to.throw('getToken')
      .with.property('code', 'invalid');
  });
});

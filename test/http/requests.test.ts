// Queries and paths in the forms that people type, and their refusals.
import { expect } from 'chai';
import { HubError } from '../../src/errors.js';
import {
  eventsQuerySchema,
  idempotencyKeySchema,
  itemIdSchema,
  refSchema,
  revocationSchema,
  submissionsQuerySchema,
  testWorkItemSchema,
  workItemsQuery,
} from '../../src/http/requests.js';
import { check } from '../../src/check.js';

const refused = (work: () => unknown): HubError => {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(HubError);
    expect((error as HubError).code).to.equal('invalid');
    return error as HubError;
  }
  throw new Error('was not refused');
};

describe('requests', () => {
  it('reads a list query with everything in it', () => {
    const conditions = {
      status: 'pending, in_progress',
      policy_type: ['Cyber', 'Property,Marine Cargo'],
      team: 'property',
      broker: 'marlowe',
      from_domain: 'marlowe-risk.example.com',
      assigned: 'me',
      min_coverage: 'USD:1000000',
      max_coverage: '{"currency":"USD","amount":2000000.5}',
      effective_from: '2025-01-01',
      effective_to: '2025-12-31',
      text: 'bakery',
    };
    expect(workItemsQuery({ ...conditions, limit: '25', cursor: 'abc' })).to.deep.equal({
      filter: {
        ...conditions,
        status: ['pending', 'in_progress'],
        policy_type: ['Cyber', 'Property', 'Marine Cargo'],
        team: ['property'],
        min_coverage: { currency: 'USD', amount: 1_000_000 },
        max_coverage: { currency: 'USD', amount: 2_000_000.5 },
      },
      limit: 25,
      cursor: 'abc',
    });
  });

  it('has defaults for an empty list query', () => {
    expect(workItemsQuery({})).to.deep.equal({ filter: {}, limit: 100, cursor: null });
  });

  it('takes a space in money, as the + of a query becomes one', () => {
    expect(workItemsQuery({ min_coverage: 'EUR 5' }).filter.min_coverage).to.deep.equal({ currency: 'EUR', amount: 5 });
  });

  for (const [what, query] of Object.entries({
    'an unknown key': { stauts: 'pending' },
    'a nested key': { 'status[$gt]': '' },
    'the prototype as a key': JSON.parse('{"__proto__":"x"}') as object,
    'an unknown status': { status: 'open' },
    'a repeated text': { text: ['a', 'b'] },
    'a repeated limit': { limit: ['1', '2'] },
    'a limit of 0': { limit: '0' },
    'a limit of 501': { limit: '501' },
    'a limit that is no number': { limit: '1e2' },
    'an unknown assignment': { assigned: 'you' },
    'money without a currency': { min_coverage: '1000000' },
    'money in a loop of JSON': { min_coverage: '{"currency":"USD","amount":{"$gt":1}}' },
    'money with more to it': { min_coverage: '{"currency":"USD","amount":1,"x":1}' },
    'a day that does not exist': { effective_from: '2025-02-30' },
    'a text of 201 characters': { text: 'x'.repeat(201) },
    'more than 100 teams': { team: Array.from({ length: 101 }, (_, i) => `t${i}`).join(',') },
    'a cursor of 501 characters': { cursor: 'x'.repeat(501) },
  })) {
    it(`refuses ${what}`, () => void refused(() => workItemsQuery(query)));
  }

  it('says where the fault is and does not repeat the value', () => {
    const error = refused(() => workItemsQuery({ status: 'sesame' }));
    expect(JSON.stringify(error.toWire())).to.contain('status').and.not.contain('sesame');
  });

  it('names a value of the path, and leaves the path of a whole body out', () => {
    const { message, details } = refused(() => check(itemIdSchema, '0', 'id'));
    expect(message).to.equal('id: must be 1 or more');
    expect(details).to.deep.equal([{ path: 'id', message: 'must be 1 or more' }]);
    const [whole] = refused(() => check(revocationSchema, {})).details as object[];
    expect(whole).to.deep.equal({ message: 'must name either sub or jti' });
  });

  it('takes test items whose amount the wire knows', () => {
    expect(check(testWorkItemSchema, { coverage_amount: 'AUD 20,000,000' }).coverage_amount).to.equal('AUD 20,000,000');
    for (const coverage_amount of ['a lot', '2000000', '$2000000', '$2m']) {
      refused(() => check(testWorkItemSchema, { coverage_amount }));
    }
  });

  it('reads ids of items', () => {
    expect(check(itemIdSchema, '42')).to.equal(42);
    for (const id of ['0', '-1', '1.5', '1e3', 'x', '', '٣', '9'.repeat(16)]) refused(() => check(itemIdSchema, id));
  });

  it('reads refs in either case', () => {
    const ref = '5b1f2c3e-9d1f-4c59-8e0b-3f6a3a6f6b11';
    expect(check(refSchema, ref.toUpperCase())).to.equal(ref);
    refused(() => check(refSchema, 'x'));
  });

  it('reads positions', () => {
    const after = (text: string) => check(eventsQuerySchema, { after: text }).after;
    expect(after('e1:7')).to.deep.equal({ epoch: 'e1', seq: 7 });
    expect(after('e1:7:s.f')).to.deep.equal({ epoch: 'e1', seq: 7, scope: 's.f' });
    expect(check(eventsQuerySchema, {})).to.deep.equal({ limit: 100 });
    for (const text of ['', 'e1', 'e1:', ':7', 'e1:-1', 'e1:x', 'e1:7:', 'e1:7:s:t', `${'e'.repeat(65)}:7`]) {
      refused(() => after(text));
    }
  });

  it('reads pages of submissions', () => {
    expect(check(submissionsQuerySchema, { skip: '20', limit: '10' })).to.deep.equal({ skip: 20, limit: 10 });
    for (const query of [{ skip: '-1' }, { skip: 'x' }, { page: '1' }]) {
      refused(() => check(submissionsQuerySchema, query));
    }
  });

  it('takes printable idempotency keys of 1–255 characters', () => {
    expect(check(idempotencyKeySchema, 'x'.repeat(255))).to.have.length(255);
    expect(check(idempotencyKeySchema, undefined)).to.equal(undefined);
    for (const key of ['', 'x'.repeat(256), 'ké', 'a\tb']) refused(() => check(idempotencyKeySchema, key));
  });

  it('revokes a user or a token, not both', () => {
    expect(check(revocationSchema, { sub: 'alice', issued_before: 1_700_000_000 })).to.have.property('sub', 'alice');
    for (const body of [
      {},
      { sub: 'a', jti: 'b' },
      { sub: '' },
      { sub: { $gt: '' } },
      { sub: 'a', issued_before: 1_700_000_000_000 },
      { sub: 'a', issued_before: 1.5 },
      null,
    ]) {
      refused(() => check(revocationSchema, body));
    }
  });

  it('takes wishes for test items, and no others', () => {
    expect(check(testWorkItemSchema, { assigned_to: 'alice', team: null })).to.deep.equal({
      assigned_to: 'alice',
      team: null,
      count: 1,
    });
    for (const body of [{ status: 'bound' }, { count: 51 }, { from_email: 'x' }, { subject: ['x'] }, []]) {
      refused(() => check(testWorkItemSchema, body));
    }
  });
});

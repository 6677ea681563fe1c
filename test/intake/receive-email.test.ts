// The story of a mail on a real mongod: stored once, whole, whatever happens on the way.
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { attachmentCollections, createAttachmentStore } from '../../src/intake/attachment-store.js';
import type { EmailMessage } from '../../src/intake/email-message.js';
import { type Mail, toMail } from '../../src/intake/mail.js';
import { createReceiveEmail, type Origin, type ReceiveEmailDeps } from '../../src/intake/receive-email.js';
import type { RoutingRules } from '../../src/intake/routing.js';
import { ensureCollections } from '../../src/mongo/collections.js';
import { createMetrics } from '../../src/ops/metrics.js';
import { type SubmissionDocument, submissions } from '../../src/workitems/submission.js';
import { workItems } from '../../src/workitems/work-item.js';
import { quiet, type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, refusal } from '../workitems/desk.js';

const mailOf = (more: Partial<EmailMessage> = {}): Mail =>
  toMail({
    subject: 'Terms for Harbourside',
    from: { address: 'imogen@broker.example.com', name: 'Imogen' },
    receivedAt: new Date('2025-08-28T09:41:17Z'),
    internetMessageId: `${randomUUID()}@broker.example.com`,
    messageId: null,
    bodyText: 'Dear all',
    attachments: [],
    ...more,
  });
const fileOf = (text: string) => ({ name: 'a.txt', contentType: 'text/plain', content: Buffer.from(text) });
const from = (more: Partial<Origin> = {}): Origin => ({ caller: 'key', header: null, index: 0, ...more });

describe('receiving a mail', () => {
  let database: TestDatabase;
  let desk: Desk;
  before(async () => {
    database = await testDatabase();
    desk = await openDesk(database.mongo);
    await ensureCollections(database.mongo, attachmentCollections);
  });
  after(async () => {
    await desk.close();
    await database.drop();
  });

  const metrics = createMetrics();
  /** As one process does it. */
  const receiver = (deps: Partial<ReceiveEmailDeps> = {}) =>
    createReceiveEmail({
      mongo: database.mongo,
      appender: desk.appender,
      attachments: createAttachmentStore(database.mongo),
      rules: { rules: [] },
      metrics,
      logger: quiet,
      ...deps,
    });
  const stored = (ref: string) => submissions.of(database.mongo).findOne({ ref }) as Promise<SubmissionDocument>;
  const files = () => database.mongo.db.collection('attachments.files').countDocuments();
  const chunks = () => database.mongo.db.collection('attachments.chunks').countDocuments();

  it('stores all of it and is in the log when it answers', async () => {
    const receipt = await receiver()(mailOf({ attachments: [fileOf('terms')] }), from());
    expect(receipt).to.include({ status: 'success' });
    const submission = await stored(receipt.submission_ref);
    expect(submission).to.deep.include({
      _id: receipt.submission_id,
      subject: 'Terms for Harbourside',
      from_email: 'imogen@broker.example.com',
      from_name: 'Imogen',
      received_at: new Date('2025-08-28T09:41:17Z'),
      body_text: 'Dear all',
      body_file: null,
    });
    expect(submission.attachments[0]).to.include({ id: '1', name: 'a.txt', content_type: 'text/plain', size: 5 });
    const [event] = await desk.events(receipt.submission_id);
    expect(event).to.include({ type: 'new_workitem', version: 1 });
  });

  it('keeps a long text whole beside its beginning', async () => {
    const bodyText = 'ü'.repeat(600_000);
    const { submission_ref } = await receiver()(mailOf({ bodyText }), from());
    const submission = await stored(submission_ref);
    expect(submission.body_text).to.equal('ü'.repeat(100_000));
    expect(submission.attachments).to.deep.equal([]);
    const text = await createAttachmentStore(database.mongo).readText(
      submission.body_file as NonNullable<SubmissionDocument['body_file']>,
    );
    expect(text).to.equal(bodyText);
  });

  it('shares one attempt among the same mails at once', async () => {
    const [receive, mail, before] = [receiver(), mailOf({ attachments: [fileOf('once')] }), await files()];
    const receipts = await Promise.all([1, 2, 3].map(() => receive(mail, from())));
    expect(receipts.map(({ status }) => status)).to.deep.equal(['success', 'duplicate', 'duplicate']);
    expect(new Set(receipts.map(({ submission_id }) => submission_id)).size).to.equal(1);
    expect(await files()).to.equal(before + 1);
  });

  it('leaves no files of the attempt that another process was faster than', async () => {
    const [mail, before, chunksBefore] = [mailOf({ attachments: [fileOf('race')] }), await files(), await chunks()];
    // Both look before either stores: each holds its attachments when it comes to the log.
    const together = barrier(2);
    const attachments = createAttachmentStore(database.mongo);
    const patient = {
      ...attachments,
      save: async (...args: Parameters<typeof attachments.save>) => {
        await together();
        return attachments.save(...args);
      },
    };
    const receipts = await Promise.all([1, 2].map(() => receiver({ attachments: patient })(mail, from())));
    expect(receipts.map(({ status }) => status).sort()).to.deep.equal(['duplicate', 'success']);
    expect(receipts[0]?.submission_ref).to.equal(receipts[1]?.submission_ref);
    expect([await files(), await chunks()]).to.deep.equal([before + 1, chunksBefore + 1]);
  });

  for (const [size, attachments] of Object.entries({ small: [], 'with attachments': [fileOf('half')] })) {
    it(`finishes a ${size} mail whose first attempt died half-way`, async () => {
      const mail = mailOf({ attachments });
      const dying: ReceiveEmailDeps['appender'] = {
        ...desk.appender,
        create: async (_key, draft) => {
          await submissions.of(database.mongo).insertOne(draft(1_000_000 + attachments.length));
          throw new Error('died');
        },
      };
      await receiver({ appender: dying })(mail, from()).catch(() => {});
      const receipt = await receiver()(mail, from());
      expect(receipt).to.include({ status: 'duplicate', submission_id: 1_000_000 + attachments.length });
      expect(await workItems.of(database.mongo).countDocuments({ _id: receipt.submission_id })).to.equal(1);
      expect(await desk.events(receipt.submission_id)).to.have.length(1);
    });
  }

  it('does not remember an attempt that failed', async () => {
    const mail = mailOf();
    let fail = true;
    const appender: ReceiveEmailDeps['appender'] = {
      ...desk.appender,
      create: (key, draft) => (fail ? Promise.reject(new Error('no')) : desk.appender.create(key, draft)),
    };
    const receive = receiver({ appender });
    const failed = await receive(mail, from()).catch((error: Error) => error.message);
    expect(failed).to.equal('no');
    fail = false;
    expect(await receive(mail, from())).to.include({ status: 'success' });
  });

  it('tells mails under one Idempotency-Key apart by who posted them and by their place in the envelope', async () => {
    const [receive, mail, header] = [receiver(), mailOf(), randomUUID()];
    const origins = [from({ header }), from({ header, caller: 'other' }), from({ header, index: 1 })];
    const receipts = await Promise.all(origins.map((origin) => receive(mail, origin)));
    expect(new Set(receipts.map(({ submission_id }) => submission_id)).size).to.equal(3);
  });

  it('refuses another mail under a used Idempotency-Key, also while the first is under way', async () => {
    const [receive, header] = [receiver(), randomUUID()];
    const first = receive(mailOf(), from({ header }));
    const refused = await refusal(receive(mailOf({ subject: 'Another' }), from({ header })), 'conflict');
    const { submission_id, submission_ref } = await first;
    expect(refused.details).to.deep.equal({ submission_id, submission_ref });
    await refusal(receiver()(mailOf({ subject: 'Another' }), from({ header })), 'conflict');
  });

  it('takes the same message id with another text for the same mail', async () => {
    const [receive, mail] = [receiver(), mailOf()];
    await receive(mail, from());
    expect(await receive({ ...mail, bodyText: 'Dear all!' }, from())).to.include({ status: 'duplicate' });
  });

  it('starts in the team that the rules say', async () => {
    const rules = { rules: [{ sender_domain: 'broker.example.com', team: 'cyber' }] } satisfies RoutingRules;
    const { submission_ref } = await receiver({ rules })(mailOf(), from());
    expect(await stored(submission_ref)).to.include({ team: 'cyber', assigned_to: null });
  });

  it('is counted by its outcome', async () => {
    const { values } = await metrics.intake.get();
    const outcomes = new Set(values.map(({ labels }) => labels.outcome));
    expect([...outcomes]).to.include.members(['created', 'duplicate', 'conflict', 'defect']);
  });
});

/** Resolves for all when so many wait. */
function barrier(count: number): () => Promise<void> {
  let waiting = 0;
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    if (++waiting === count) open();
    return opened;
  };
}

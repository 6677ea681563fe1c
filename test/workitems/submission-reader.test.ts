// Submissions as callers get them: the mail, its long text, its attachments, and the list of all.
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import type mongoose from 'mongoose';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { type Desk, openDesk, person, refusal } from './desk.js';

const alice = person('alice');

describe('submissions', () => {
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

  async function store(content: Uint8Array): Promise<mongoose.mongo.ObjectId> {
    const upload = desk.bucket.openUploadStream('file');
    upload.end(content);
    await once(upload, 'finish');
    return upload.id;
  }

  it('are the mail as it was received', async () => {
    const received_at = new Date('2025-11-03T09:00:00Z');
    const item = await desk.receive({ subject: 'Acme', received_at, body_text: 'Dear Sirs' });
    expect(await desk.snapshot.submission(alice, item.submission_ref)).to.deep.equal({
      submission_ref: item.submission_ref,
      submission_id: item.id,
      work_item_id: item.id,
      subject: 'Acme',
      from_email: 'broker@marsh.example',
      from_name: null,
      received_at: '2025-11-03T09:00:00.000Z',
      created_at: item.created_at,
      body_text: 'Dear Sirs',
      extracted_fields: item.extracted_fields,
      attachments: [],
    });
  });

  it('have their whole text, also when it was too long for the document', async () => {
    const text = 'Größe '.repeat(300_000);
    const body_file = await store(Buffer.from(text));
    const { submission_ref } = await desk.receive({ body_text: text.slice(0, 1000), body_file });
    expect((await desk.snapshot.submission(alice, submission_ref)).body_text === text).to.be.true;
  });

  it('give out their attachments', async () => {
    const content = Buffer.alloc(700_000, 'pdf');
    const meta = { id: 'a1', name: 'slip.pdf', content_type: 'application/pdf', size: content.length, sha256: 'ab' };
    const { submission_ref } = await desk.receive({ attachments: [{ ...meta, file: await store(content) }] });
    const attachment = await desk.snapshot.attachment(alice, submission_ref, 'a1');
    expect(attachment.meta).to.deep.equal(meta);
    expect((await buffer(attachment.stream())).equals(content)).to.be.true;
    expect((await desk.snapshot.submission(alice, submission_ref)).attachments).to.deep.equal([meta]);
    await refusal(desk.snapshot.attachment(alice, submission_ref, 'a2'), 'not_found');
  });

  it('are listed newest first, by skip and limit, without their text', async () => {
    for (let i = 0; i < 5; i++) await desk.receive();
    const { items, total } = await desk.snapshot.listSubmissions(alice);
    expect(total).to.equal(items.length);
    expect(items.map((mail) => mail.submission_id)).to.deep.equal(
      items.map((mail) => mail.submission_id).sort((a, b) => b - a),
    );
    expect(items[0]).to.not.have.property('body_text');
    const page = await desk.snapshot.listSubmissions(alice, { skip: 2, limit: 2 });
    expect(page).to.deep.equal({ items: items.slice(2, 4), total });
  });
});

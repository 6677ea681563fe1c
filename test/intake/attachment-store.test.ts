// The large parts of mails: stored whole, found again, and gone when nobody refers to them.
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { attachmentCollections, createAttachmentStore } from '../../src/intake/attachment-store.js';
import { ensureCollections } from '../../src/mongo/collections.js';
import { type SubmissionDocument, submissions } from '../../src/workitems/submission.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';

describe('attachment store', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
    await ensureCollections(database.mongo, [submissions, ...attachmentCollections]);
  });
  after(() => database.drop());

  const store = () => createAttachmentStore(database.mongo);
  const collection = (name: string) => database.mongo.db.collection(`attachments.${name}`);
  const EPOCH = new Date(0);
  const LATER = new Date(Date.now() + 3_600_000);

  it('gives back what it stored, empty and larger than a chunk alike', async () => {
    const contents = [Buffer.alloc(0), Buffer.from('terms'), Buffer.alloc(3 * 1024 * 1024 + 7, 'x')];
    const files = await store().save(
      'ref-1',
      contents.map((content, i) => ({ name: `${i}.bin`, content })),
    );
    for (const [i, content] of contents.entries()) {
      const file = files[i] as (typeof files)[0];
      expect(file.size).to.equal(content.length);
      expect(file.sha256).to.equal(createHash('sha256').update(content).digest('hex'));
      expect((await buffer(store().open(file.file))).equals(content)).to.equal(true);
    }
  });

  it('reads a text as text', async () => {
    const [file] = await store().save('ref-2', [{ name: 'text', content: Buffer.from('Grüße 🙂'.repeat(200_000)) }]);
    expect(await store().readText(file?.file as mongoose.mongo.ObjectId)).to.equal('Grüße 🙂'.repeat(200_000));
  });

  it('fails a read of what is not there', async () => {
    const failed = await buffer(store().open(new mongoose.mongo.ObjectId())).catch((error: Error) => error);
    expect(failed).to.be.instanceOf(Error);
  });

  it('deletes files with their chunks, and does not mind those that are gone', async () => {
    const files = await store().save('ref-3', [{ name: 'a', content: Buffer.from('a') }]);
    const ids = files.map(({ file }) => file);
    await store().remove(ids);
    await store().remove(ids);
    expect(await collection('chunks').countDocuments({ files_id: { $in: ids } })).to.equal(0);
    expect(await collection('files').countDocuments({ _id: { $in: ids } })).to.equal(0);
  });

  it('sweeps what no submission refers to, also half a file, and nothing else', async () => {
    const used = await store().save('ref-used', [{ name: 'a', content: Buffer.from('a') }]);
    const unused = await store().save('ref-unused', [{ name: 'a', content: Buffer.from('a') }]);
    const half = new mongoose.mongo.ObjectId();
    await collection('chunks').insertOne({ files_id: half, n: 0, data: Buffer.from('a') });
    const submission = { _id: 1, key: 'k', ref: 'ref-used' } as unknown as SubmissionDocument;
    await submissions.of(database.mongo).insertOne(submission);

    expect(await store().sweepOrphans(EPOCH, new Date(Date.now() - 3_600_000)), 'young files').to.equal(0);
    expect(await store().sweepOrphans(EPOCH, LATER)).to.be.greaterThan(1);
    const left = await collection('chunks').distinct('files_id');
    expect(left.map(String)).to.deep.equal(used.map(({ file }) => String(file)));
    expect(await collection('files').countDocuments({ _id: unused[0]?.file })).to.equal(0);
    expect(await store().sweepOrphans(EPOCH, LATER)).to.equal(0);
  });
  it('sweeps empty files, too, which have no chunks', async () => {
    const empty = [{ name: 'empty', content: Buffer.alloc(0) }];
    const [used] = await store().save('ref-used', empty);
    const [unused] = await store().save('ref-unused', empty);
    await store().sweepOrphans(EPOCH, new Date(Date.now() - 3_600_000));
    expect(await collection('files').countDocuments({ _id: unused?.file }), 'young').to.equal(1);
    await store().sweepOrphans(EPOCH, LATER);
    expect(await collection('files').countDocuments({ _id: unused?.file })).to.equal(0);
    expect(await collection('files').countDocuments({ _id: used?.file })).to.equal(1);
  });
});

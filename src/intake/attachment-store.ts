// Where the large parts of a mail lie: attachments, and texts too long for the submission's own document, in GridFS.
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import mongoose, { Schema } from 'mongoose';
import { defineCollection } from '../mongo/collections.js';
import type { Mongo } from '../mongo/connection.js';
import { submissions } from '../workitems/submission.js';

const { GridFSBucket, ObjectId } = mongoose.mongo;
type ObjectId = mongoose.mongo.ObjectId;

const BUCKET = 'attachments';
const CHUNK_MAX = 1024 * 1024;

interface FileDocument {
  _id: ObjectId;
  length: number;
  metadata: { ref: string };
}
interface ChunkDocument {
  files_id: ObjectId;
  n: number;
}

const filesSchema = new Schema({}, { autoIndex: false, strict: false });
filesSchema.index({ filename: 1, uploadDate: 1 });
const chunksSchema = new Schema({}, { autoIndex: false, strict: false });
chunksSchema.index({ files_id: 1, n: 1 }, { unique: true });
const files = defineCollection<FileDocument>(`${BUCKET}.files`, filesSchema);
const chunks = defineCollection<ChunkDocument>(`${BUCKET}.chunks`, chunksSchema);

/** For `ensureCollections`. */
export const attachmentCollections = [files, chunks] as const;

/** A file that was written. */
export interface StoredFile {
  file: ObjectId;
  /** Bytes. */
  size: number;
  /** Hexadecimal. */
  sha256: string;
}

export interface AttachmentStore {
  /**
   * Writes files for the submission `ref`, majority and journalled; resolves when all are. Fails as a whole, and takes
   * back what it wrote then, as far as the database lets it.
   */
  save(ref: string, contents: readonly { name: string; content: Uint8Array }[]): Promise<StoredFile[]>;
  /** Deletes files that no submission refers to. Never fails: what is left over is an orphan. */
  remove(ids: readonly ObjectId[]): Promise<void>;
  /** The bytes of a file; the stream fails when the file is gone. */
  open(id: ObjectId): Readable;
  readText(id: ObjectId): Promise<string>;
  /**
   * Deletes the files that attempts left which died before their submission was stored.
   * @param from,to when the files were begun; `to` must lie well before now, since younger ones may be in use.
   * @returns how many were deleted.
   */
  sweepOrphans(from: Date, to: Date): Promise<number>;
}

export function createAttachmentStore(mongo: Mongo): AttachmentStore {
  const bucket = new GridFSBucket(mongo.db, { bucketName: BUCKET });

  async function write(id: ObjectId, ref: string, name: string, content: Uint8Array): Promise<StoredFile> {
    const upload = bucket.openUploadStreamWithId(id, name, {
      // The driver sets a buffer of one chunk aside for each file.
      chunkSizeBytes: Math.min(Math.max(content.byteLength, 1), CHUNK_MAX),
      metadata: { ref },
    });
    await new Promise<void>((resolve, reject) => {
      upload.once('finish', resolve).once('error', reject);
      upload.end(content);
    });
    return { file: id, size: content.byteLength, sha256: createHash('sha256').update(content).digest('hex') };
  }

  async function remove(ids: readonly ObjectId[]): Promise<void> {
    // `delete` of the bucket also takes the chunks of a file whose own document was never written, and then complains.
    await Promise.allSettled(ids.map((id) => bucket.delete(id)));
  }

  return {
    async save(ref, contents) {
      const planned = contents.map((one) => ({ ...one, id: new ObjectId() }));
      const written = await Promise.allSettled(planned.map(({ id, name, content }) => write(id, ref, name, content)));
      const failure = written.find((one) => one.status === 'rejected');
      if (failure) {
        void remove(planned.map(({ id }) => id));
        throw failure.reason;
      }
      return written.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    },
    remove,
    open: (id) => bucket.openDownloadStream(id),
    readText: (id) => text(bucket.openDownloadStream(id)),
    async sweepOrphans(from, to) {
      const bounds = { $gte: idAt(from), $lt: idAt(to) };
      const unused = [
        {
          $lookup: {
            from: submissions.name,
            localField: 'file.metadata.ref',
            foreignField: 'ref',
            as: 'used',
            pipeline: [{ $project: { _id: 1 } }],
          },
        },
        { $match: { used: [] } },
      ];
      // Chunks come before the file's own document, so they show every attempt there was. Ids tell when.
      const begun = chunks
        .of(mongo)
        .aggregate<{ id: ObjectId }>([
          { $match: { files_id: bounds, n: 0 } },
          { $lookup: { from: files.name, localField: 'files_id', foreignField: '_id', as: 'file' } },
          ...unused,
          { $project: { _id: 0, id: '$files_id' } },
        ]);
      // Of an empty file there is the document alone.
      const empty = files
        .of(mongo)
        .aggregate<{ id: ObjectId }>([
          { $match: { _id: bounds, length: 0 } },
          { $project: { file: '$$ROOT' } },
          ...unused,
          { $project: { _id: 0, id: '$_id' } },
        ]);
      const orphans = [...(await begun.toArray()), ...(await empty.toArray())].map(({ id }) => id);
      await remove(orphans);
      return orphans.length;
    },
  };
}

function idAt(time: Date): ObjectId {
  return ObjectId.createFromTime(Math.floor(time.getTime() / 1000));
}

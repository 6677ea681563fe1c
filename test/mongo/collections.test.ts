// Indexes are made and verified before anything relies on them.
import { expect } from 'chai';
import { Schema } from 'mongoose';
import { ConfigError } from '../../src/config.js';
import { defineCollection, ensureCollections } from '../../src/mongo/collections.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';

const schema = new Schema({ ref: String, item: Number, version: Number }, { autoIndex: false, versionKey: false });
schema.index({ ref: 1 }, { unique: true });
schema.index({ item: 1, version: 1 }, { unique: true, partialFilterExpression: { item: { $exists: true } } });
schema.index({ version: -1 });
const things = defineCollection<{ _id: number; ref: string; item?: number; version?: number }>('things', schema);

describe('collections', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase();
  });
  afterEach(() => database.drop());

  const refusal = () =>
    ensureCollections(database.mongo, [things]).then(
      () => expect.fail('it should have been refused'),
      (error: Error) => {
        expect(error).to.be.instanceOf(ConfigError);
        return error.message;
      },
    );

  it('makes collections with their indexes, once or many times at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => ensureCollections(database.mongo, [things])));
    await ensureCollections(database.mongo, [things]);
    const collection = things.of(database.mongo);
    const names = (await collection.indexes()).map((index) => index.name);
    expect(names).to.have.members(['_id_', 'ref_1', 'item_1_version_1', 'version_-1']);
    await collection.insertOne({ _id: 1, ref: 'a' });
    const error = await collection.insertOne({ _id: 2, ref: 'a' }).catch((it: unknown) => it);
    expect(error).to.have.property('code', 11000);
  });

  it('leaves further indexes alone', async () => {
    await database.mongo.db.collection('things').createIndex({ other: 1 });
    await ensureCollections(database.mongo, [things]);
  });

  it('refuses an index that is not unique though it should be', async () => {
    await database.mongo.db.collection('things').createIndex({ ref: 1 });
    expect(await refusal()).to.match(/unique index things \{"ref":1\} exists with other options; drop index "ref_1"/);
  });

  it('refuses a unique index over other documents', async () => {
    await database.mongo.db.collection('things').createIndex({ item: 1, version: 1 }, { unique: true });
    expect(await refusal()).to.contain('"item":1,"version":1');
  });

  it('does not take an index on the same fields in another order for the same', async () => {
    await database.mongo.db.collection('things').createIndex({ version: 1, item: 1 }, { unique: true });
    await ensureCollections(database.mongo, [things]);
    const keys = (await things.of(database.mongo).indexes()).map((index) => Object.keys(index.key).join());
    expect(keys).to.include('item,version');
  });

  it('says that a unique index cannot be made over duplicates', async () => {
    await things.of(database.mongo).insertMany([
      { _id: 1, ref: 'a' },
      { _id: 2, ref: 'a' },
    ]);
    expect(await refusal()).to.match(/unique index things \{"ref":1\} cannot be made \(.*duplicate key/);
  });
});

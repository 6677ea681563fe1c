// The collections and their indexes. Uniqueness in the log and in intake rests on indexes, so they are made and checked
// before the hub listens, never in the background.
import { isDeepStrictEqual } from 'node:util';
import mongoose from 'mongoose';
import { ConfigError } from '../config.js';
import type { Mongo } from './connection.js';

const NAMESPACE_EXISTS = 48;

/** A collection: its name, the schema that documents it and carries its indexes, and the way to reach it. */
export interface CollectionDefinition<T extends mongoose.mongo.BSON.Document = mongoose.mongo.BSON.Document> {
  readonly name: string;
  readonly schema: mongoose.Schema;
  /** The driver's own collection: no hydration, no buffering, the connection's concerns. */
  of(mongo: Mongo): mongoose.mongo.Collection<T>;
}

/** Defines a collection of documents of type `T`; nothing happens in the database before {@link ensureCollections}. */
export function defineCollection<T extends mongoose.mongo.BSON.Document>(
  name: string,
  schema: mongoose.Schema,
): CollectionDefinition<T> {
  return { name, schema, of: (mongo) => mongo.db.collection<T>(name) };
}

/**
 * Creates what is missing of collections and indexes, then reads the indexes back and compares them. Harmless when
 * several processes do it at once.
 *
 * @throws ConfigError naming every index that cannot be made or differs in what it guarantees
 */
export async function ensureCollections(
  mongo: Mongo,
  definitions: readonly Pick<CollectionDefinition, 'name' | 'schema'>[],
): Promise<void> {
  const faults: string[] = [];
  for (const definition of definitions) faults.push(...(await ensureCollection(mongo, definition)));
  if (faults.length > 0) {
    throw new ConfigError(
      `The indexes of database "${mongo.db.databaseName}" are not as needed: ${faults.join('; ')}.`,
    );
  }
}

async function ensureCollection(
  mongo: Mongo,
  { name, schema }: Pick<CollectionDefinition, 'name' | 'schema'>,
): Promise<string[]> {
  await mongo.db.createCollection(name).catch((error: unknown) => {
    if (codeOf(error) !== NAMESPACE_EXISTS) throw error;
  });
  const collection = mongo.db.collection(name);
  const faults: string[] = [];
  const wanted = schema.indexes().map(([keys, options]) => wantedIndex(keys, options));
  const before = await collection.indexes();
  for (const index of wanted) {
    if (before.some((existing) => sameKeys(existing, index))) continue;
    await collection.createIndexes([index]).catch((error: unknown) => {
      // Only what the server says about the index itself is an operator's matter; an outage is the caller's.
      if (!(error instanceof mongoose.mongo.MongoServerError)) throw error;
      faults.push(`${describe(name, index)} cannot be made (${error.message})`);
    });
  }
  if (faults.length > 0) return faults;
  const present = await collection.indexes();
  for (const index of wanted) {
    const candidates = present.filter((existing) => sameKeys(existing, index));
    if (candidates.length === 0) faults.push(`${describe(name, index)} is missing`);
    else if (!candidates.some((existing) => sameGuarantees(existing, index))) {
      faults.push(`${describe(name, index)} exists with other options; drop index "${candidates[0]?.name}"`);
    }
  }
  return faults;
}

type Index = Pick<
  mongoose.mongo.IndexDescriptionInfo,
  'unique' | 'sparse' | 'partialFilterExpression' | 'expireAfterSeconds' | 'collation'
> & { key: Record<string, unknown> };

function wantedIndex(keys: mongoose.IndexDefinition, options: mongoose.IndexOptions): mongoose.mongo.IndexDescription {
  // mongoose adds `background`, which servers have ignored since 4.2.
  const { background: _background, ...rest } = options;
  return { key: keys, ...rest } as mongoose.mongo.IndexDescription;
}

function sameKeys(a: { key: unknown }, b: { key: unknown }): boolean {
  // The order of the fields is part of an index; key objects compare equal in any order.
  return isDeepStrictEqual(Object.entries(a.key as object), Object.entries(b.key as object));
}

function sameGuarantees(existing: object, wanted: object): boolean {
  return isDeepStrictEqual(guarantees(existing as Index), guarantees(wanted as Index));
}

function guarantees(index: Index): unknown {
  return {
    unique: index.unique ?? false,
    sparse: index.sparse ?? false,
    partial: index.partialFilterExpression ?? null,
    expires: index.expireAfterSeconds ?? null,
    locale: index.collation?.locale ?? null,
  };
}

function describe(collection: string, index: object): string {
  const { key, unique } = index as Index;
  return `${unique ? 'unique ' : ''}index ${collection} ${JSON.stringify(key)}`;
}

function codeOf(error: unknown): unknown {
  return error instanceof mongoose.mongo.MongoError ? error.code : undefined;
}

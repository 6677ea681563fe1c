// A command whose connection ends under it fails, or is repeated on another; it never waits for ever.
import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { type Mongo, openMongo } from '../../src/mongo/connection.js';
import { isMongoUnavailable } from '../../src/mongo/unavailable.js';
import { createLink, type Link } from '../support/link.js';
import { quiet, sharedMongoUrl } from '../support/mongo.js';
import { until } from '../support/until.js';

const MADE = channel('net.client.socket');

describe('a command whose connection ends', () => {
  let link: Link;
  let mongo: Mongo;
  const sockets = new Set<Socket>();
  const note = (message: unknown): void => void sockets.add((message as { socket: Socket }).socket);

  before(async () => {
    const { port } = new URL(await sharedMongoUrl());
    link = await createLink({ target: () => Number(port) });
    MADE.subscribe(note);
    const url = `mongodb://127.0.0.1:${link.port}/?directConnection=true`;
    mongo = await openMongo({ url, database: 'test_ended_sockets', logger: quiet });
  });
  after(async () => {
    MADE.unsubscribe(note);
    await mongo.db.dropDatabase();
    await mongo.close();
    await link.close();
  });

  /** Those of this client: the link makes some of its own in this process. */
  const own = (): Socket[] => [...sockets].filter(({ remotePort }) => remotePort === link.port);

  it('in the very moment in which it is given out, is repeated on another', async () => {
    const things = mongo.db.collection<{ _id: number }>('things');
    await things.insertOne({ _id: 1 });
    for (const socket of own()) socket.destroy();
    // In the same turn: nobody has been told yet that the sockets have ended.
    expect(await things.findOne({ _id: 1 })).to.deep.equal({ _id: 1 });
  });

  it('while it is being written, is repeated on another, or fails as one that may be repeated', async () => {
    const things = mongo.db.collection<{ _id: number; text: string }>('things');
    await things.countDocuments();
    link.freeze();
    const text = 'x'.repeat(8 << 20);
    const written = things.insertOne({ _id: 2, text });
    await until(() => own().some(({ writableNeedDrain }) => writableNeedDrain));
    link.cut();
    link.thaw();
    await written.catch((error: unknown) => expect(isMongoUnavailable(error)).to.equal(true));
    expect(await things.countDocuments({ _id: 1 })).to.equal(1);
  });
});

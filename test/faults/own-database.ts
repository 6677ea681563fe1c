// A database on a mongod that the test itself may kill: nothing is dropped, since the server goes with its data.
import type { TestDatabase } from '../support/mongo.js';

/** What `startHub` needs of a database. */
export function openOwn(url: string): TestDatabase {
  return {
    url,
    name: 'own',
    get mongo(): never {
      throw new Error('the test has no connection of its own');
    },
    drop: async () => {},
  };
}

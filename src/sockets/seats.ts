// One socket of a namespace per connection: without this, one connection could open streams without end.
import { HubError } from '../errors.js';

export interface Seats {
  /** Holds the connection's place while it is being admitted, and afterwards. Rejects with HubError `invalid` when it is taken. */
  take<T>(connection: object, admit: () => Promise<T>): Promise<T>;
  leave(connection: object): void;
}

export function createSeats(): Seats {
  const taken = new WeakSet<object>();
  return {
    async take(connection, admit) {
      if (taken.has(connection)) throw new HubError('invalid', 'This connection is in this namespace already.');
      taken.add(connection);
      try {
        return await admit();
      } catch (error) {
        taken.delete(connection);
        throw error;
      }
    },
    leave: (connection) => void taken.delete(connection),
  };
}

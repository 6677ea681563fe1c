// Where positions are kept between the lives of an application.

/** Keeps texts by name. Either may be asynchronous; what it throws is reported as `storage_failed` and harms nothing else. */
export interface PositionStorage {
  get(name: string): string | null | Promise<string | null>;
  set(name: string, value: string): void | Promise<void>;
}

/** Keeps them for as long as this object lives. */
export function memoryStorage(): PositionStorage {
  const values = new Map<string, string>();
  return {
    get: (name) => values.get(name) ?? null,
    set: (name, value) => void values.set(name, value),
  };
}

/** What `localStorage` and `sessionStorage` are, in words that a compiler without the DOM's types knows as well. */
export interface WebStore {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

/** Keeps them in the browser's `localStorage`, or in another such store (`sessionStorage`). */
export function webStorage(store: () => WebStore = () => localStorage): PositionStorage {
  return {
    get: (name) => store().getItem(name),
    set: (name, value) => store().setItem(name, value),
  };
}

const TABLE = 'positions';

/** Keeps them in IndexedDB. @param database its name, default `workitem-hub` */
export function indexedDbStorage(database = 'workitem-hub'): PositionStorage {
  let opened: Promise<IDBDatabase> | null = null;

  function open(): Promise<IDBDatabase> {
    opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(database, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
      request.onsuccess = () => {
        const forget = (): void => {
          opened = null;
        };
        // The browser may end it, as when somebody clears the site's data.
        request.result.onclose = forget;
        // Another tab with a newer version must not wait for this one.
        request.result.onversionchange = () => {
          request.result.close();
          forget();
        };
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error('The database is blocked by another tab.'));
    }).catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  }

  async function run<T>(mode: IDBTransactionMode, work: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const transaction = (await open()).transaction(TABLE, mode);
    const request = work(transaction.objectStore(TABLE));
    return new Promise((resolve, reject) => {
      // The end of the transaction, not of the request: only then is it kept.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error ?? request.error);
      transaction.onabort = () => reject(transaction.error ?? new Error('The write was taken back.'));
    });
  }

  return {
    get: async (name) => ((await run('readonly', (table) => table.get(name))) as string | undefined) ?? null,
    set: async (name, value) => void (await run('readwrite', (table) => table.put(value, name))),
  };
}

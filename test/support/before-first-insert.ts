// Something that happens between a writer's reservation and its write.
/** Runs `before` ahead of the first insert of events: what happens there happens between reserve and write. */
export function beforeFirstInsert(before: () => Promise<unknown>) {
  let first = true;
  return <C extends object>(collection: C): C =>
    new Proxy(collection, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        const method = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
        if (name !== 'insertMany' && name !== 'insertOne') return method;
        return async (...args: unknown[]) => {
          if (first) {
            first = false;
            await before();
          }
          return method(...args);
        };
      },
    });
}

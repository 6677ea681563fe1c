// Proves that nothing holds an object any more.
import { setTimeout as delay } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** Resolves when the object is gone; rejects when something still holds it after 10 s. */
export async function gone(ref: WeakRef<object>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (ref.deref()) {
    if (Date.now() > deadline) throw new Error('something still holds it');
    // A reference that was followed is held until the end of the turn.
    await delay(1);
    collectGarbage();
  }
}

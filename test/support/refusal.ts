// What a limit, or anything else of the hub, refuses with.
import { HubError } from '../../src/errors.js';

/** `null` when it does not; anything but a `HubError` is thrown on. */
export async function refusalOf(attempt: Promise<void>): Promise<HubError | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
}

// For tests of what is refused: the refusal as a value.
import { HubError } from '../../src/errors.js';

/** The HubError that an attempt fails with; any other outcome fails the test. */
export async function refusalOf(attempt: Promise<unknown>): Promise<HubError> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

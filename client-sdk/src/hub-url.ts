// Where the hub is, checked when a client is made: a wrong address would look like a network that is down.
import { WorkItemError } from './errors.js';

/**
 * The address without trailing slashes, perhaps with a path.
 * @throws WorkItemError `invalid`
 */
export function hubUrl(text: string): string {
  try {
    const { href } = new URL(text);
    // No name and password: `fetch` refuses them. No query: what is appended would be part of it.
    if (/^https?:\/\/[^/?#@]+(\/[^?#]*)?$/.test(href)) return href.replace(/\/+$/, '');
  } catch {
    // No address at all.
  }
  throw new WorkItemError('invalid', `url: ${text} is not like https://hub.example/path.`);
}

// The beginning of a session, ahead of the page: who this tab brings along is connected while the rest of the desk is still on its way.
import type { WorkItemClient } from '@workitem-hub/client';
import { createHubClient } from '../hub/client';
import { demoSource, rememberedPerson } from './demo';
import { takeToken, tokenSource } from './token-link';
import type { TokenSource } from './token-source';

export interface SignedIn {
  source: TokenSource;
  client: WorkItemClient;
}

/** While the page is being made, the hub is on its way already. */
export function connectAs(source: TokenSource): SignedIn {
  const client = createHubClient(source);
  client.connect();
  return { source, client };
}

/** What this tab brings along: a link, or what it was before it was reloaded. */
export function firstSource(): TokenSource | null {
  const token = takeToken();
  if (token) return tokenSource(token);
  const person = rememberedPerson();
  return person ? demoSource(person) : null;
}

/** Begins the session that this tab brings along, if it does. */
export function firstSession(): SignedIn | null {
  const source = firstSource();
  return source && connectAs(source);
}

/** Resolves when the list is there, or is not going to be soon: what is drawn then need not be drawn again. */
export function listSoon({ client }: SignedIn, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stopItems();
      stopState();
      resolve();
    };
    const timer = setTimeout(end, ms);
    const look = (): void => {
      const { name } = client.state;
      if (client.workItems.complete || name === 'offline' || name === 'closed') end();
    };
    const stopItems = client.workItems.subscribe(look);
    const stopState = client.on('state', look);
    look();
  });
}

// What every test of the hooks works with: a running hub, people with clients of it, and Testing Library on a window.
import { useDom } from '../support/dom.js';
import { act, cleanup, fireEvent, render, renderHook, waitFor } from '@testing-library/react/pure.js';
import { createWorkItemClient, type WorkItemClient, type WorkItemClientOptions } from '@workitem-hub/client';
import { WorkItemProvider } from '@workitem-hub/client/react';
import { createElement, type ReactNode } from 'react';
import { type Claims, startHub, type TestHub } from '../support/hub.js';

export { act, fireEvent, render, renderHook };

/** Waits until what it is given does not throw, or reject, any more. */
export const eventually = (look: () => unknown): Promise<unknown> => waitFor(look, { timeout: 15_000 });

/** Texts of the elements that a selector finds. */
export const texts = (container: Element, selector = 'li'): string[] =>
  Array.from(container.querySelectorAll(selector), ({ textContent }) => textContent ?? '');

/** The only element that a selector finds. */
export function one(container: Element, selector: string): Element {
  const found = container.querySelectorAll(selector);
  if (found.length !== 1) throw new Error(`${found.length} elements are ${selector}`);
  return found[0] as Element;
}

/** For `renderHook`: what it renders stands below a provider of this client. */
export const within = (client: WorkItemClient) => ({
  wrapper: ({ children }: { children?: ReactNode }) => createElement(WorkItemProvider, { client }, children),
});

/** Puts a page of the server's into a browser, and has React take it over. */
export function hydrate(page: ReactNode, html: string, onRecoverableError: (error: unknown) => void): Element {
  const container = document.body.appendChild(document.createElement('div'));
  container.innerHTML = html;
  render(page, { container, hydrate: true, onRecoverableError });
  return container;
}

export interface Screen {
  readonly hub: TestHub;
  /** What a client for this person is made of. */
  options(sub: string, claims?: Claims): WorkItemClientOptions;
  /** A client for this person, closed after the test. */
  client(sub: string, claims?: Claims): WorkItemClient;
}

/** For the suite: a hub, a window, and nothing on the page after each test. */
export function useScreen(): Screen {
  let hub: TestHub;
  const clients: WorkItemClient[] = [];
  before(async () => {
    hub = await startHub();
  });
  afterEach(() => {
    cleanup();
    for (const client of clients.splice(0)) client.close();
  });
  after(() => hub.close());
  // Last: what it finds must not keep the hub from being closed.
  useDom();

  const options: Screen['options'] = (sub, claims) => ({
    url: hub.url,
    getToken: () => hub.token(sub, claims),
    backoff: { minMs: 20, maxMs: 100 },
  });
  return {
    get hub() {
      return hub;
    },
    options,
    client(sub, claims) {
      const client = createWorkItemClient(options(sub, claims));
      clients.push(client);
      return client;
    },
  };
}

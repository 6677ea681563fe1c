// What was done to items, as the page and the hub have it; and people who work elsewhere.
import type { Item } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import type { Claims, TestHub } from '../support/hub.js';

/** What was said at the foot of the page. */
export const SAID = `document.getElementById('toasts').innerText.replace(/\\s+/g, ' ')`;

/** The item as the hub has it. */
export async function itemOf(hub: TestHub, id: number): Promise<Item> {
  return (await hub.call<Item>('GET', `/api/workitems/${id}`, await hub.token('chief', { roles: ['supervisor'] })))
    .body;
}

/** What was done to the item, the first first, such as `claimed alice`. */
export async function historyOf(hub: TestHub, id: number): Promise<string[]> {
  const token = await hub.token('chief', { roles: ['supervisor'] });
  const { body } = await hub.call<{ items: { action: string; by: string | null; reason?: string | null }[] }>(
    'GET',
    `/api/workitems/${id}/history`,
    token,
  );
  return body.items.map(({ action, by, reason }) => [action, by, reason].filter(Boolean).join(' '));
}

/** A command of somebody who sits elsewhere. */
export async function elsewhere(hub: TestHub, sub: string, command: string, body: object, claims: Claims = {}) {
  const [method, path] = command.split(' ') as [string, string];
  const answer = await hub.call(method, `/api/workitems/${path}`, await hub.token(sub, claims), body);
  expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
}

/** What stands in a column of an item's row. */
export const cell = (id: number, column: string): string =>
  `document.querySelector('#items [data-id="${id}"] [data-column=${column}]')?.innerText`;

// What the hub says, checked before anything else looks at it. Added fields are fine; unknown events are left alone.
import * as z from 'zod/mini';
import type { ControlEventData, ControlEventName, EventMeta, ItemEventData, ItemEventName } from './contract.js';
import { WorkItemError } from './errors.js';
import { controlEventSchemas, eventMetaSchema, itemEventSchemas } from './event-schemas.js';

/** An event of the log that concerns an item. */
export type ItemEvent = { [N in ItemEventName]: { name: N; data: ItemEventData[N]; meta: EventMeta } }[ItemEventName];
export type ControlEvent = {
  [N in ControlEventName]: { name: N; data: ControlEventData[N]; meta: EventMeta };
}[ControlEventName];

export const isItemEventName = (name: string): name is ItemEventName => Object.hasOwn(itemEventSchemas, name);

export const isItemEvent = (event: ItemEvent | ControlEvent): event is ItemEvent => isItemEventName(event.name);

const schemas: Readonly<Record<string, z.ZodMiniType<unknown>>> = { ...itemEventSchemas, ...controlEventSchemas };

/**
 * The event in a message; `null` for one of a name that this version does not know.
 * @throws WorkItemError `bad_message`; `details` are `{name, meta, issues}`, `meta` when that much was readable.
 */
export function readEvent(name: string, data: unknown, meta: unknown): ItemEvent | ControlEvent | null {
  if (!Object.hasOwn(schemas, name)) return null;
  const place = z.safeParse(eventMetaSchema, meta);
  const content = z.safeParse(schemas[name] as z.ZodMiniType<unknown>, data);
  if (place.success && content.success) {
    // As it came, added fields and all.
    return { name, data, meta: place.data } as ItemEvent | ControlEvent;
  }
  const issues = [...(place.error?.issues ?? []), ...(content.error?.issues ?? [])];
  throw new WorkItemError('bad_message', `The hub sent a ${name} that the contract does not know.`, {
    details: {
      name,
      meta: place.success ? place.data : undefined,
      issues: issues.slice(0, 5).map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    },
  });
}

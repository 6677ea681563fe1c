// `@workitem-hub/client`: live work items, each event once and in order, whatever the network does.
export { type BackoffOptions } from './backoff.js';
export {
  type ClientState,
  createWorkItemClient,
  type StateName,
  type WorkItemClient,
  type WorkItemClientEvents,
  type WorkItemClientOptions,
} from './client.js';
export type { CommandOptions, Commands } from './commands.js';
export type { TransportName } from './connection.js';
export type { ConsumedEvent, Consumer, ConsumeOptions } from './consumer.js';
export type {
  EventMeta,
  ExtractedFields,
  Filter,
  Item,
  ItemEventData,
  ItemEventName,
  Money,
  OpenStatus,
  Person,
  Position,
  Principal,
  ResyncReason,
  Role,
  Statistics,
  Status,
  StatusUpdate,
  WorkitemAssigned,
  WorkitemUpdated,
} from './contract.js';
export { MAX_REASON, REASON_REQUIRED, STATUSES } from './contract.js';
export { type ClientErrorCode, WorkItemError } from './errors.js';
export type { ItemEvent } from './incoming.js';
export { indexedDbStorage, memoryStorage, type PositionStorage, type WebStore, webStorage } from './storage.js';
export type { CaughtUpReport } from './stream.js';
export { tabId } from './tab-id.js';
export type { GetToken, TokenReason } from './token-source.js';
export { type ItemList, type ItemOrder, newestFirst, type WorkItems } from './work-items.js';

// The collections of the log. Their unique indexes carry its guarantees: a seq is written once, a version enters once.
import { Schema } from 'mongoose';
import { defineCollection } from '../mongo/collections.js';
import type { EventDocument, LogDocument } from './event.js';

const eventSchema = new Schema(
  {
    _id: { type: Number, required: true },
    item: Number,
    version: Number,
    type: { type: String, required: true },
    data: Object,
    rooms: [String],
    before: Object,
    at: { type: Date, required: true },
  },
  { autoIndex: false, versionKey: false },
);
eventSchema.index({ item: 1, version: 1 }, { unique: true, partialFilterExpression: { item: { $exists: true } } });
// Replay reads one caller's rooms out of a long log without walking the rest.
eventSchema.index({ rooms: 1, _id: 1 });

export const events = defineCollection<EventDocument>('events', eventSchema);

const logSchema = new Schema(
  {
    _id: { type: String, required: true },
    epoch: { type: String, required: true },
    counter: { type: Number, required: true },
    secret: { type: String, required: true },
    submissions: { type: Number, required: true },
    floor: { type: Number, required: true },
    contiguous_to: { type: Number, required: true },
    swept_to: { type: Number, required: true },
    starts: Number,
    retention_until: Date,
  },
  { autoIndex: false, versionKey: false },
);

export const logs = defineCollection<LogDocument>('log', logSchema);

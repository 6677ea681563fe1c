// Items about the same business as one at hand, so that whoever reads it knows what has been said before.
import type { Item } from '@workitem-hub/client/contract';
import { assertViewer, type Principal } from '../auth/principal.js';
import type { Mongo } from '../mongo/connection.js';
import { whenAvailable } from '../mongo/unavailable.js';
import { insuredKeyOf, likenessOf, senderKeyOf, subjectsMeet } from './likeness.js';
import { notFound } from './sight.js';
import { LISTED, type ListedItem, toItem, workItems } from './work-item.js';

export interface SimilarItem {
  item: Item;
  /** The same company is insured; else the same domain sent it, with a subject of the same words. */
  reason: 'same_insured' | 'same_sender';
}

export interface Similar {
  /**
   * Newest first, at most 20, of those with the same insured before others, and only what the caller sees.
   * @throws HubError `not_found`, `forbidden`, `unavailable`
   */
  similarTo(caller: Principal, id: number): Promise<SimilarItem[]>;
}

const MAX_ITEMS = 20;
/** Items of one insured or one sender that are looked at, the newest; a large broker has sent tens of thousands. */
const LOOK_AT = 500;
/** Items without keys that one request gives theirs. */
const KEYS_AT_ONCE = 500;

export function createSimilar({ mongo }: { mongo: Mongo }): Similar {
  const items = workItems.of(mongo);

  /**
   * Items made before there were keys get them here, the newest first: each request does its share, so that nothing has to
   * be done to the data before a hub starts. Until all have theirs, the oldest are not found. No version, no event: what
   * people see of an item stays as it is.
   */
  async function completeKeys(): Promise<void> {
    const without = await items
      .find<ListedItem>({ alike: null as never }, { projection: { from_email: 1, extracted_fields: 1 } })
      .sort({ _id: -1 })
      .limit(KEYS_AT_ONCE)
      .toArray();
    if (without.length === 0) return;
    const updates = without.map((doc) => ({
      updateOne: { filter: { _id: doc._id }, update: { $set: { alike: likenessOf(doc) } } },
    }));
    await items.bulkWrite(updates, { ordered: false });
  }

  async function newest(key: string | null, rooms: readonly string[]): Promise<ListedItem[]> {
    if (key === null) return [];
    return items
      .aggregate<ListedItem>([
        { $match: { alike: key } },
        { $sort: { _id: -1 } },
        // Before the look at rooms: else somebody who sees little would have all of a broker's items walked.
        { $limit: LOOK_AT },
        { $match: { rooms: { $in: rooms } } },
        { $project: LISTED },
      ])
      .toArray();
  }

  return {
    similarTo: (caller, id) =>
      whenAvailable(async () => {
        const rooms = assertViewer(caller);
        const where = { _id: id, rooms: { $in: rooms } };
        const self = await items.findOne<ListedItem>(where, { projection: LISTED });
        if (!self) throw notFound('work item');
        await completeKeys();
        const [insured, sent] = await Promise.all([
          newest(insuredKeyOf(self), rooms),
          newest(senderKeyOf(self), rooms),
        ]);
        const taken = new Set([id, ...insured.map(({ _id }) => _id)]);
        const found = [
          ...insured.filter(({ _id }) => _id !== id).map((doc) => similar(doc, 'same_insured')),
          ...sent
            .filter(({ _id, subject }) => !taken.has(_id) && subjectsMeet(self.subject, subject))
            .map((doc) => similar(doc, 'same_sender')),
        ];
        return found.slice(0, MAX_ITEMS).sort((a, b) => b.item.id - a.item.id);
      }),
  };
}

const similar = (doc: ListedItem, reason: SimilarItem['reason']): SimilarItem => ({ item: toItem(doc), reason });

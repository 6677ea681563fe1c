// Which of very many filters an item passes, without asking each of them. All conditions of a filter must hold, so it is kept under one of
// them only, at the places where every item that meets this condition looks: an item asks the filters that have that much in common with
// it. (What publish/subscribe systems call an access predicate.)
import type { Filter, Item } from '@workitem-hub/client/contract';
import { type ItemPredicate, canonicalFilter, domainOf, fold } from '@workitem-hub/client/filter';
import { parseMoney } from '@workitem-hub/client/money';

/** A filter as the index keeps it. The same object for as long as it is in the index. */
export interface Indexed {
  readonly predicate: ItemPredicate;
  /** None for one that no condition leads to. */
  readonly places: readonly Place[];
}

export interface FilterIndex {
  /** @param sub whose filter it is, for `assigned: me` */
  add(filter: Filter | null, predicate: ItemPredicate, sub: string): Indexed;
  remove(filter: Indexed): void;
  /** The filters that an item passes as it is, or as it was before a change. */
  passedBy(item: Item, before: Item | null): Set<Indexed>;
}

type Places = Map<string | number, Set<Indexed>>;
/** Where a filter may be looked for: the name of a map, and a key in it. */
type Place = readonly [kind: string, key: string | number];

/** Texts are found by parts of this length at most. */
const GRAM = 3;
const gramsOf = (text: string, length: number): string[] =>
  Array.from({ length: text.length - length + 1 }, (_, at) => text.slice(at, at + length));

/**
 * The conditions of a filter that an item can be led by: each as places, at one of which at least an item that meets it looks. Those
 * that half of all items meet only when there is no other.
 */
function conditionsOf(filter: Filter | null, sub: string): Place[][] {
  const { status, policy_type, team, assigned, from_domain, broker, text, min_coverage, max_coverage, ...dates } =
    canonicalFilter(filter) ?? {};
  const oneOf = (kind: string, values: readonly string[] | undefined): Place[][] =>
    values ? [values.map((value) => [kind, value] as const)] : [];
  // All parts of a text must be there, so each of them leads to it.
  const partOf = (kind: string, part: string | undefined): Place[][] =>
    part ? gramsOf(part, Math.min(GRAM, part.length)).map((gram) => [[`${kind} ${gram.length}`, gram]]) : [];
  const bound = (kind: string, value: string | number | undefined): Place[][] =>
    value === undefined ? [] : [[[kind, value]]];
  const telling = [
    ...oneOf('assigned', assigned === 'me' ? [sub] : undefined),
    ...oneOf('from_domain', from_domain ? [from_domain] : undefined),
    ...oneOf('team', team),
    ...oneOf('policy_type', policy_type),
    ...partOf('broker', broker),
    ...partOf('text', text),
    ...bound(`min ${min_coverage?.currency}`, min_coverage?.amount),
    ...bound(`max ${max_coverage?.currency}`, max_coverage?.amount),
    ...bound('from', dates.effective_from),
    ...bound('to', dates.effective_to),
  ];
  return telling.length > 0
    ? telling
    : [...oneOf('status', status), ...oneOf('assigned', assigned === 'none' ? [''] : undefined)];
}

export function createFilterIndex(): FilterIndex {
  const kinds = new Map<string, Places>();
  /** Those that no condition leads to. */
  const others = new Set<Indexed>();

  const sizeAt = ([kind, key]: Place): number => kinds.get(kind)?.get(key)?.size ?? 0;

  function placeAt([kind, key]: Place): Set<Indexed> {
    let places = kinds.get(kind);
    if (!places) kinds.set(kind, (places = new Map()));
    let place = places.get(key);
    if (!place) places.set(key, (place = new Set()));
    return place;
  }

  /** Hands every place on at which the item looks. */
  function lookAround(item: Item, look: (filters: Iterable<Indexed>) => void): void {
    const at = (kind: string, key: string | null): void => {
      const filters = key === null ? undefined : kinds.get(kind)?.get(key);
      if (filters) look(filters);
    };
    const partsOf = (kind: string, texts: readonly (string | null)[]): void => {
      for (let length = 1; length <= GRAM; length++) {
        const places = kinds.get(`${kind} ${length}`);
        if (!places) continue;
        for (const text of texts) {
          if (text === null) continue;
          for (const gram of gramsOf(text, length)) {
            const filters = places.get(gram);
            if (filters) look(filters);
          }
        }
      }
    };
    // To compare with every bound that is in use costs next to nothing beside asking a filter.
    const within = <B extends string | number>(kind: string, fits: (bound: B) => boolean): void => {
      for (const [bound, filters] of kinds.get(kind) ?? []) if (fits(bound as B)) look(filters);
    };
    const folded = (text: string | null): string | null => (text === null ? null : fold(text));

    look(others);
    const { policy_type, broker, insured_name, coverage_amount, effective_date: on } = item.extracted_fields;
    at('status', item.status);
    at('policy_type', folded(policy_type));
    at('team', item.team);
    at('from_domain', domainOf(item.from_email));
    at('assigned', item.assigned_to ?? '');
    partsOf('broker', [folded(broker)]);
    partsOf('text', [item.subject, insured_name, broker, item.from_email].map(folded));
    const money = parseMoney(coverage_amount);
    if (money) {
      within<number>(`min ${money.currency}`, (amount) => money.amount >= amount);
      within<number>(`max ${money.currency}`, (amount) => money.amount <= amount);
    }
    if (on !== null) {
      within<string>('from', (date) => on >= date);
      within<string>('to', (date) => on <= date);
    }
  }

  return {
    add(filter, predicate, sub) {
      // The condition that shares its places with the fewest others, so that no place becomes a crowd of filters that differ elsewhere.
      let best: { condition: Place[]; crowd: number } | null = null;
      for (const condition of conditionsOf(filter, sub)) {
        const crowd = condition.reduce((sum, place) => sum + sizeAt(place), 0);
        if (!best || crowd < best.crowd) best = { condition, crowd };
      }
      const indexed: Indexed = { predicate, places: best?.condition ?? [] };
      if (indexed.places.length === 0) others.add(indexed);
      for (const place of indexed.places) placeAt(place).add(indexed);
      return indexed;
    },
    remove(indexed) {
      others.delete(indexed);
      for (const [kind, key] of indexed.places) {
        const places = kinds.get(kind);
        const filters = places?.get(key);
        filters?.delete(indexed);
        if (filters?.size === 0) places?.delete(key);
        if (places?.size === 0) kinds.delete(kind);
      }
    },
    passedBy(item, before) {
      const passed = new Set<Indexed>();
      const ask = (one: Item): void =>
        lookAround(one, (filters) => {
          for (const filter of filters) if (!passed.has(filter) && filter.predicate(one)) passed.add(filter);
        });
      ask(item);
      if (before) ask(before);
      return passed;
    },
  };
}

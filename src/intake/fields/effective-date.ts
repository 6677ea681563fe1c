// Finds the day on which the cover is to begin: not the day it ends, nor retroactive dates, deadlines and the dates of letters.
import type { Candidate, Search } from './candidate.js';
import { before, lastIndex } from './clause.js';
import { findDates } from './dates.js';
import type { Reading } from './reading.js';

const BEGIN_WORDS =
  /\b(?:effective|eff|inception|incepting|incepts|w\.?e\.?f|with effect from|as (?:of|from)|commenc(?:e|es|ing|ement)|start(?:s|ing)?|begin(?:s|ning)?|attach(?:es|ing|ment)|on risk|in force|in place|go live|live|cover from|coverage from|period(?: of insurance)?(?: from)?|bind(?:ing)?|target|from|renew(?:s|al|ing)?|due|ab|zum|per|à compter du|à effet du|ingaande|vanaf|a partir de[l]?|con efecto|decorrenza|dal)(?!\p{L})/giu;
const OTHER_WORDS =
  /\b(?:retro\w*|expir\w*|ends?|ending|until|till|before|by|no later than|deadline|since|born|established|founded|incorporated|dated|notice|quote[ds]? by|respond|reply|report|meeting|loss|losses|accident|incident|occurred|claim|claims|trading|built|constructed|purchased|acquired|signed|sent|lapse[ds]?|cancel\w*|terminat\w*|previous|prior|last|to|as at|valued|bis|spätestens|jusqu['’]au|vóór|tot|hasta|fino al|within)(?!\p{L})/giu;
const SURE_WORDS =
  /\b(?:effective|eff|inception|incepting|incepts|wef|with effect from|commenc\w*|attach\w*|on risk)(?!\p{L})/iu;
/** A beginning longer ago is that of something else. Milliseconds. */
const MAX_AGE = 550 * 24 * 3_600_000;

/** The highest score that `fromSubject` and `fromProse` give. */
const UNLABELLED_MAX = 85;

/** Days as `YYYY-MM-DD`. */
export function* findEffectiveDates(reading: Reading): Search {
  yield { found: fromLabels(reading), ceiling: UNLABELLED_MAX };
  const { receivedAt } = reading;
  const found = [...fromSubject(reading), ...fromProse(reading)].filter(
    ({ value }) => receivedAt === null || receivedAt.getTime() - Date.parse(value) < MAX_AGE,
  );
  yield { found, ceiling: 0 };
}

function fromLabels({ pairs, locale, receivedAt }: Reading): Candidate[] {
  return pairs.flatMap(({ label, kinds, value, at }) => {
    const isDate = kinds.includes('date');
    if (!isDate && !kinds.includes('period')) return [];
    const first = findDates(value, locale.order, receivedAt)[0];
    // `Effective date: same as expiring, 1 May` and the like begin with other words; a day further on is another one.
    if (!first || lastIndex(value.slice(0, first.at), /\b(?:expir\w*|until|retro\w*)\b/gi) >= 0) return [];
    const renewal = /renew/i.test(label) ? 15 : 0;
    const vague = /^(?:from|on)$/i.test(label) ? 20 : 0;
    return [{ value: first.day, score: (isDate ? 100 : 92) - renewal - vague, source: 'label' as const, at }];
  });
}

function fromSubject({ subject, locale, receivedAt }: Reading): Candidate[] {
  return findDates(subject, locale.order, receivedAt).flatMap(({ day, at }) => {
    const back = before(subject, at);
    const begin = lastIndex(back, BEGIN_WORDS);
    if (lastIndex(back, OTHER_WORDS) > begin) return [];
    return [{ value: day, score: begin >= 0 ? 85 : 50, source: 'subject' as const, at }];
  });
}

function fromProse({ body, pairs, locale, receivedAt }: Reading): Candidate[] {
  const labelled = new Set(
    pairs.filter(({ kinds }) => kinds.includes('date') || kinds.includes('period')).map(({ at }) => at),
  );
  return body.flatMap(({ text, at }) => {
    if (labelled.has(at) || !/\d/.test(text)) return [];
    let floor = 0;
    return findDates(text, locale.order, receivedAt).flatMap((date) => {
      const back = before(text, date.at, floor);
      floor = date.end;
      const begin = lastIndex(back, BEGIN_WORDS);
      if (begin < 0 || lastIndex(back, OTHER_WORDS) > begin) return [];
      const score = SURE_WORDS.test(back.slice(begin)) ? 75 : /renew/i.test(back.slice(begin)) ? 55 : 60;
      return [{ value: date.day, score, source: 'prose' as const, at: at + date.at }];
    });
  });
}

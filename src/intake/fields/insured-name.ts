// Finds whom the cover is for: by label, by the subject's pattern, or by the words with which brokers introduce their client.
import { coreOf } from '../../workitems/company.js';
import { best, type Candidate, type Search } from './candidate.js';
import { allMatches } from './clause.js';
import { findLegalNames, readName, sameName, trimName } from './company-name.js';
import { findDates } from './dates.js';
import { findMoney } from './money.js';
import { NOTHING } from './policy-type.js';
import { findPolicyTypes } from './policy-types.js';
import type { Reading } from './reading.js';
import { subjectName } from './subject-name.js';

/** What stands before the client's name, in the end of the words before it. */
const INTRODUCTIONS: [RegExp, number][] = [
  [/\b(?:have|has|got) a (?:new |mutual |good )?client,? {0,2}(?:called |named )?/gi, 80],
  [
    /\b(?:on behalf of|acting for|act for|behalf of) (?:(?:our|my|the|a) )?(?:(?:mutual|valued|above|long-standing|new|existing) )?(?:client|insured|customer)?s?,? {0,2}/gi,
    80,
  ],
  [/\b(?:our|my) (?:(?:mutual|valued|new|existing|good) )?(?:client|insured|customer|account|prospect),? {0,2}/gi, 80],
  [
    /\b(?:the )?(?:named |proposed )?(?:insured|applicant|proposer|client|assured|policyholder) (?:is|are|will be|would be|called|named) {0,2}/gi,
    80,
  ],
  [
    /\b(?:unseres|unsere|unseren|unser) (?:kunden|kundin|mandanten|mandantin|kunde)s? {0,2}|\b(?:notre|votre) cliente?,? {0,2}|\bonze (?:klant|relatie|cliënt),? {0,2}|\bnuestro cliente,? {0,2}|\b(?:nostro|nosso) cliente,? {0,2}/gi,
    80,
  ],
  [
    /\b(?:quote|quotation|terms|indication|cover|coverage|insurance|submission|proposal|renewal|enquiry|inquiry|programme?|policy|quoting|details|application) (?:for|on|from) (?:the )?/gi,
    65,
  ],
  [/\b(?:quote|insure|cover|introduce|place) {0,2}/gi, 40],
  [/\bfor {0,2}/gi, 45],
];
/** What follows a client's name at the start of a sentence. */
const CLIENT_DOES =
  /^,? (?:(?:is|are) (?:looking|seeking|a|an|the|requesting|in need|due|one)|(?:ships?|runs?|needs?|requires?|operates?|seeks?|would like|wants?|manufactures?|provides?|has asked|have asked|owns?|imports?|sells?|makes?|designs?|builds?|specialis\w+|specializ\w+)\b)/;
const MAX_NAME = 200;

/** What a name gains by being said twice, in different places: such a name is rarely wrong. */
const SAID_AGAIN = 8;
/** The highest score that the subject and the prose give. */
const UNLABELLED_MAX = 80 + SAID_AGAIN;

/** @param broker a name that is not the client's. */
export function* findInsuredNames(reading: Reading, broker: string | null): Search {
  const brokerCore = broker === null ? null : coreOf(broker);
  const isOther = ({ value }: Candidate) => brokerCore === null || coreOf(value) !== brokerCore;
  const labelled = fromLabels(reading).filter(isOther);
  const top = best(labelled);
  // Between two labels it may be the prose that decides.
  const alone = labelled.every(
    ({ value, score }) => top && (sameName(value, top.value) || score + SAID_AGAIN <= top.score),
  );
  if (alone) yield { found: labelled, ceiling: UNLABELLED_MAX };
  const named = subjectName(reading);
  const found = [...labelled, ...[...(named ? [named] : []), ...fromProse(reading)].filter(isOther)];
  const weighed = found.map((candidate) => {
    const again = found.some((other) => other.source !== candidate.source && sameName(other.value, candidate.value));
    return again ? { ...candidate, score: candidate.score + SAID_AGAIN } : candidate;
  });
  yield { found: alone ? weighed.filter(({ source }) => source !== 'label') : weighed, ceiling: 0 };
}

function fromLabels({ pairs }: Reading): Candidate[] {
  return pairs.flatMap(({ label, kinds, value, at }) => {
    if (!kinds.includes('insured')) return [];
    const name = nameOf(value);
    if (name === null) return [];
    const vague = /^(?:risk|account|company|business|group|prospect|entity)$/i.test(label);
    // `Risk: Commercial Property` and `Risk: two warehouses in Leeds` name no one.
    if (vague && !readName(value, 0)?.legal && (findPolicyTypes(value, true).length > 0 || /^risk$/i.test(label)))
      return [];
    return [{ value: name, score: vague ? 85 : 100, source: 'label' as const, at }];
  });
}

/** The name in a labelled value, without what is said about it. */
function nameOf(value: string): string | null {
  const read = readName(value, 0);
  if (read?.legal) return read.name;
  const cut = value
    .slice(0, MAX_NAME)
    .replace(/ \((?!\p{Lu}{2,4}\)).*$/u, '')
    .replace(/(?:; | [-–—|] |\t).*$/, '')
    .replace(/, (?:\d|\p{Ll}|[A-Z][a-z]+ (?:St|Street|Road|Rd|Ave|Lane)).*$/u, '')
    .replace(/\. .*$/, '');
  const name = trimName(cut);
  const words = name.split(/\s+/).length;
  if (name.length < 2 || words > 12 || !/\p{L}/u.test(name) || NOTHING.test(name) || name.includes('@')) return null;
  // A sentence, an amount or a date is no name.
  if (/^\p{Ll}/u.test(name) && words > 3) return null;
  return findMoney(name, 'USD').length > 0 || findDates(name, 'dmy', null).length > 0 ? null : name;
}

function fromProse({ body, pairs }: Reading): Candidate[] {
  const labelled = new Set(
    pairs.filter(({ label, kinds }) => kinds.length > 0 || label.length < 25).map(({ at }) => at),
  );
  const found: Candidate[] = [];
  for (const { text, at } of body) {
    if (labelled.has(at)) continue;
    const add = (value: string, score: number, offset: number) =>
      found.push({ value, score, source: 'prose', at: at + offset });
    for (const [pattern, score] of INTRODUCTIONS) {
      for (const { index, 0: words } of allMatches(text, pattern)) {
        const name = readName(text, index + words.length);
        if (name && (name.legal || score > 60) && isClient(name.name))
          add(name.name, name.legal ? score : score - 25, index);
      }
    }
    for (const name of findLegalNames(text)) {
      add(name.name, CLIENT_DOES.test(text.slice(name.end, name.end + 40)) ? 65 : 25, name.end - name.name.length);
    }
    // Without a legal form only the first words of a line can be told to be a name.
    const first = readName(text, 0);
    if (
      first &&
      !first.legal &&
      first.name.includes(' ') &&
      isClient(first.name) &&
      CLIENT_DOES.test(text.slice(first.end, first.end + 40))
    ) {
      add(first.name, 40, 0);
    }
  }
  return found;
}

/** Not a line of business, a date or a place in the calendar. */
function isClient(name: string): boolean {
  return (
    findPolicyTypes(name, true).every(({ at, end }) => end - at < name.length * 0.6) &&
    findDates(name, 'dmy', null).length === 0 &&
    !/^(?:\d|(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday)\b)/.test(
      name,
    )
  );
}

// Finds the line of business that is asked for: what a label says, else the subject, else the prose of the request.
import type { Candidate, Search } from './candidate.js';
import { before, behind } from './clause.js';
import { type FoundPolicyType, findPolicyTypes } from './policy-types.js';
import type { Reading } from './reading.js';

/** Words of somebody who asks for cover. */
const REQUEST =
  /\b(?:quot(?:e|es|ation|ing)|terms|indication|cover|coverage|insurance|policy|program(?:me)?|submission|enquiry|inquiry|request\w*|require[sd]?|requir\w*|need(?:s|ed)?|looking|seek(?:s|ing)?|want|offer|proposal|placement|angebot|deckung|offerte|cotisation|devis|cotización|preventivo|dekking)\b/i;
/** Words of cover that stands elsewhere, and is not asked for. */
const ELSEWHERE =
  /\b(?:elsewhere|already|separately|placed with|currently|not (?:required|needed|including)|excluding|exclud\w*|without|no|other than|in addition to|alongside|underlying|follow form)\b/i;
/** A weak name counts in prose when one of these is next to it. */
const COVER_NEXT =
  /^[ -](?:insurance|cover|coverage|quot|polic|program|submission|enquir|inquir|renewal|risk|account|terms|placement)/i;
/** Labels that are followed by nothing but a line of business. */
const EXPLICIT = /class|line|lob|type|sparte|versicherungsart|branche|ramo|tipo/i;
const MAX_OWN_WORDS = 60;

/** The highest scores that the subject and the prose give. */
const SUBJECT_MAX = 85;
const PROSE_MAX = 60;

export function* findPolicyTypeCandidates(reading: Reading): Search {
  yield { found: fromLabels(reading), ceiling: SUBJECT_MAX };
  yield { found: fromSubject(reading), ceiling: PROSE_MAX };
  yield { found: fromProse(reading), ceiling: 0 };
}

function fromLabels({ pairs }: Reading): Candidate[] {
  return pairs.flatMap(({ label, kinds, value, at }): Candidate[] => {
    const place = { source: 'label' as const, at };
    if (!kinds.includes('policy')) {
      // `Professional Indemnity: £2m`
      const named = kinds.length === 0 && /\d/.test(value) ? findPolicyTypes(label, false)[0] : undefined;
      return named ? [{ value: named.name, score: 45, ...place }] : [];
    }
    const explicit = EXPLICIT.test(label);
    const found = findPolicyTypes(value, true)[0];
    if (found) return [{ value: found.name, score: (explicit ? 100 : 95) - (found.at > 60 ? 30 : 0), ...place }];
    const own = value.replace(/\s*[,(;].*$/, '').trim();
    const readable =
      own.length > 2 &&
      own.length <= MAX_OWN_WORDS &&
      /^\p{Lu}/u.test(own) &&
      !/[\d£$€]/.test(own) &&
      !NOTHING.test(own);
    return explicit && readable ? [{ value: own, score: 60, ...place }] : [];
  });
}

function fromSubject({ subject }: Reading): Candidate[] {
  return findPolicyTypes(subject, true).map(({ name, at, weak }) => ({
    value: name,
    score: weak ? 70 : SUBJECT_MAX,
    source: 'subject' as const,
    at,
  }));
}

function fromProse({ body }: Reading): Candidate[] {
  return body.flatMap(({ text, at }) =>
    findPolicyTypes(text, true).flatMap((found) => {
      const score = proseScore(text, found);
      return score === 0 ? [] : [{ value: found.name, score, source: 'prose' as const, at: at + found.at }];
    }),
  );
}

/** What people write where they have nothing to say. */
export const NOTHING =
  /^(?:n\/?a|tb[acd]|to be (?:advised|confirmed|agreed)|none|nil|unknown|see (?:attached|below|above)|as (?:above|below|attached|per)|attached|please see|various|multiple|same|-+|\?+)\b/i;

function proseScore(text: string, { at, end, weak }: FoundPolicyType): number {
  const back = before(text, at);
  const ahead = behind(text, end);
  if (weak && !COVER_NEXT.test(ahead)) return 0;
  if (ELSEWHERE.test(back.slice(-50)) || /^.{0,30}\b(?:elsewhere|placed with|is with|not required)/i.test(ahead))
    return 15;
  const asked = REQUEST.test(back) || REQUEST.test(ahead);
  return (weak ? 35 : 45) + (asked ? 15 : 0);
}

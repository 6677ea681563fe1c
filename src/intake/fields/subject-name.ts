// Reads the client's name out of a subject such as "Cyber quote - Banksia Lane Pty Ltd - eff 01/07/2026": what is left when everything
// that is not a name is taken away.
import type { Candidate } from './candidate.js';
import { readName, trimName } from './company-name.js';
import { findDates } from './dates.js';
import { findMoney } from './money.js';
import { findPolicyTypes } from './policy-types.js';
import type { Reading } from './reading.js';

const SEPARATORS = / [-–—|/•·] | ?\/\/ ?|[:;]\s|[–—|]|, (?=(?:eff|inception|renewal|\d))/;
/** Words of a submission's subject that are no part of a name. */
const NOISE =
  /^(?:new|business|submissions?|quotes?|quotations?|requests?|requested|required|needed|enquir(?:y|ies)|inquir(?:y|ies)|please|pls|renewal|urgent|asap|eff|effective|inception|incepting|indications?|terms|cover|coverage|insurance|policy|account|proposal|risk|tender|rfq|attn|client|insured|named|our|your|the|a|an|for|from|on|of|re|fw|fwd|opportunity|application|nb|nbs|and|date|dated|as|at|program(?:me)?|review|attached|info|information|details|marketing|placement|limit|limits|ref|to|remarket|open|market|prospect|presentation|mid-term|following|w\.?e\.?f|sub|angebotsanfrage|anfrage|angebot|demande|devis|offerteaanvraag|aanvraag|solicitud|cotización|richiesta|preventivo|de|für|pour|voor|para|per|di)$/i;

export function subjectName({ subject, locale, receivedAt }: Reading): Candidate | null {
  const isSubmission =
    findPolicyTypes(subject, true).length > 0 ||
    /\b(?:submission|quote|quotation|enquiry|inquiry|new business|renewal|insured|client|proposal|terms|cover|placement|anfrage|devis|offerte|aanvraag)\b/i.test(
      subject,
    ) ||
    findDates(subject, locale.order, receivedAt).length > 0;
  let chosen: Candidate | null = null;
  for (const part of partsOf(subject)) {
    const name = nameIn(part);
    if (name === null || (!name.legal && !isSubmission)) continue;
    const candidate: Candidate = {
      value: name.name,
      score: name.legal ? 75 : 55,
      source: 'subject',
      at: Math.max(0, subject.indexOf(name.name)),
    };
    if (chosen === null || candidate.score > chosen.score) chosen = candidate;
  }
  return chosen;
}

/** The parts between separators; one with `for` in it is two. */
function partsOf(subject: string): string[] {
  return subject.split(SEPARATORS).flatMap((part) => {
    const at = part.search(/ for (?=\p{Lu}|\d)/u);
    return at < 0 ? [part] : [part.slice(0, at), part.slice(at + 5)];
  });
}

function nameIn(part: string): { name: string; legal: boolean } | null {
  // Names hold words such as Marine or Property: those with a legal form are read as they stand.
  const whole = withoutNoise(part.trim());
  const read = readName(whole, 0);
  if (read?.legal) {
    const lead = knownSpans(read.name, false).find(({ at }) => at === 0);
    const inner = withoutNoise(read.name.slice(lead?.end ?? 0));
    return { name: readName(inner, 0)?.legal && inner.split(' ').length > 2 ? inner : read.name, legal: true };
  }
  let at = 0;
  const rest: string[] = [];
  for (const span of [...knownSpans(whole, true), { at: whole.length, end: whole.length }]) {
    if (span.at > at) rest.push(withoutNoise(whole.slice(at, span.at)));
    at = Math.max(at, span.end);
  }
  // Anything beside the name means that this is a sentence.
  const [only, ...others] = rest.filter((text) => text !== '');
  const name = only === undefined || others.length > 0 ? null : readName(only, 0);
  if (!name || /^[\d\W]+$/.test(name.name)) return null;
  return withoutNoise((only as string).slice(name.end)) === ''
    ? { name: trimName(name.name), legal: name.legal }
    : null;
}

/** Where lines of business, dates and amounts stand; `weak`: lines also by words that may mean other things. */
function knownSpans(text: string, weak: boolean): { at: number; end: number }[] {
  const found = [...findPolicyTypes(text, weak), ...findDates(text, 'dmy', new Date(0)), ...findMoney(text, 'USD')];
  return found.sort((a, b) => a.at - b.at);
}

function withoutNoise(text: string): string {
  const words = text.split(/\s+/).filter(Boolean);
  const isNoise = (word: string) =>
    NOISE.test(word.replace(/^[([#"'-]+|[)\],.:"'!?-]+$/g, '')) || /^[^\p{L}\p{N}]+$/u.test(word);
  // `The Crown Inn` keeps its article.
  while (words.length > 0 && isNoise(words[0] as string) && !(words[0] === 'The' && words.length > 2)) words.shift();
  while (words.length > 0 && isNoise(words.at(-1) as string)) words.pop();
  return words.join(' ');
}

// Finds the limit that is asked for: per claim or occurrence rather than in the aggregate, the sum insured for property; never
// turnover, premium, excess and the other amounts that a submission is full of.
import type { Money } from '@workitem-hub/client/money';
import type { Candidate, Search } from './candidate.js';
import { before, behind, lastIndex } from './clause.js';
import type { LabelledValue } from './labels.js';
import { labelKinds } from './labels.js';
import { type FoundMoney, findMoney, toMoney } from './money.js';
import { findPolicyTypes } from './policy-types.js';
import type { Reading } from './reading.js';

const LIMIT_WORDS =
  /\b(?:limits?|loi|indemnity of|sums? insured|insured (?:value|for)|insurable value|tiv|cover(?:age)? (?:of|for|to|up to)|csl|combined single|any one|each (?:and every )?(?:claim|occurrence|loss)|per (?:claim|occurrence|conveyance|event)|cover amount|coverage amount|amount of (?:cover|insurance)|up to|umbrella of|tower of|line of|capacity|(?:liability|indemnity|cyber|property|cargo|umbrella) (?:of|for|at)|(?:need|needs|want|wants|require|requires|seeking|requesting|looking for|after) (?:a|an)?|deckungssumme|versicherungssumme|plafond|limite|suma asegurada|massimale|verzekerd bedrag)(?![\p{L}])/giu;
const OTHER_WORDS =
  /\b(?:turnover|revenues?|sales|receipts|income|fees?|premiums?|deductibles?|excess(?! (?:liability|layer|of loss|casualty))|retentions?|sir|payroll|wage ?roll|wages|salar(?:y|ies)|assets|losses|loss of|lost|paid|cost|costs|incurred|reserved?|claims? (?:of|for|paid|total)|claimed|settled|settlement|raised|budget|spend|sendings|shipments|expiring|current(?:ly)?|existing|incumbent|previous(?:ly)?|last year|subcontract\w*|ebitda|profit|debt|loan|mortgage|value of (?:stock|work)|contract value|funding|umsatz|honorarumsatz|prämie|selbstbehalt|selbstbeteiligung|lohnsumme|chiffre d['’]affaires|prime|franchise|omzet|premie|eigen risico|facturación|prima|franquicia|fatturato|premio|franchigia|omsättning|självrisk|tax|ipt|commission|stock|aggregate|sublimit|sub-limit|inner limit)(?!\p{L})/giu;
/** Right behind an amount, these tell what it is. */
const LIMIT_BEHIND =
  /^(?:[\s(/]{0,3}(?:usd|gbp|eur|aud)?\s?|,\s?(?=any|each|per|in|excess|xs))(?:any one|each (?:and every )?(?:claim|occurrence|loss)|per[ -](?:claim|occurrence|conveyance|event|occ)|occ(?:urrence)?\b|combined single|csl|limits?\b|of (?:cover|coverage|indemnity|insurance|limit)|cover\b|coverage\b|a\.?o\.?c|e\.?e\.?c|eel|in limit|xs\b|x\/s|excess of|(?:professional|public|general|product|cyber|d&o|umbrella|pi\b|gl\b|indemnity)|pro schadenfall|je versicherungsfall|par sinistre|por siniestro|per sinistro|per aanspraak)/i;
const OTHER_BEHIND =
  /^[\s(]{0,3}(?:(?:\w{1,15}) ){0,2}(?:deductible|excess(?! of)|retention|sir\b|premium|turnover|revenue|payroll|sales|receipts|in (?:revenue|sales|turnover|fees|premium|payroll|total)|of (?:revenue|turnover|sales|income|payroll|premium)|aggregate|sublimit|loss\b|claim was|plus ipt|for the year|a year|per (?:year|annum)|annually|selbstbehalt|umsatz|omzet|eigen risico|franchise)/i;
const AGGREGATE = /\bagg(?:regate)?\b|\bannual aggregate|\bim aggregat|jahreshöchst/i;
const PER_CLAIM =
  /\b(?:any one|each|per[ -](?:claim|occ\w*|event|loss|conveyance|person)|every|a\.?o\.?c|occ(?:urrence)?|csl|combined single)\b/i;

/** Characters before an amount in which another meaning outweighs what follows it. */
const CLOSE = 40;

/** The highest score that `fromSubject` and `fromProse` give. */
const UNLABELLED_MAX = 70;

export function* findCoverageAmounts(reading: Reading): Search<Money> {
  yield { found: fromLabels(reading), ceiling: UNLABELLED_MAX };
  yield { found: [...fromSubject(reading), ...fromProse(reading)], ceiling: 0 };
}

function fromLabels({ pairs, locale }: Reading): Candidate<Money>[] {
  return pairs.flatMap((pair) => {
    const sure = limitScore(pair);
    if (sure === 0) return [];
    const amounts = withSharedScale(findMoney(pair.value, locale.dollar));
    return amounts.flatMap((amount, i) => {
      const value = toMoney(amount, locale.currency);
      if (value === null || i > 3) return [];
      const next = amounts[i + 1]?.at ?? pair.value.length;
      const around = pair.value.slice(amount.end, next);
      if (OTHER_BEHIND.test(around) && !AGGREGATE.test(around)) return [];
      const previous = pair.value.slice(amounts[i - 1]?.end ?? 0, amount.at);
      if (i > 0 && lastIndex(previous, OTHER_WORDS) >= 0 && !AGGREGATE.test(previous)) return [];
      const said = `${i === 0 ? pair.label : ''} ${previous} ${around}`;
      const aggregate = AGGREGATE.test(said) && !PER_CLAIM.test(said);
      return [{ value, score: sure - (aggregate ? 15 : 0) - i, source: 'label' as const, at: pair.at }];
    });
  });
}

/** How sure a label names the limit; 0 when it does not. */
function limitScore({ label, kinds, value }: LabelledValue): number {
  const words = label.toLowerCase();
  if (kinds.includes('limit')) {
    const plain = /limit|sum|value|indemnity|tiv|csl|summe|limite|límite|plafond|massimale|bedrag|belopp/.test(words);
    return plain ? (/request|requir|propos|desired|sought/.test(words) ? 100 : 98) : 85;
  }
  // `PI limit`, `General Liability: $1M/$2M`: what is left without the line of business must be a limit's label, or nothing.
  const line = /\d/.test(value) ? findPolicyTypes(label, true)[0] : undefined;
  if (!line) return 0;
  const rest = `${label.slice(0, line.at)} ${label.slice(line.end)}`.trim();
  if (rest === '' || rest === '()') return 75;
  return labelKinds(rest).includes('limit') ? 95 : 0;
}

/** `$1/$2 million` means millions twice. */
export function withSharedScale(amounts: FoundMoney[]): FoundMoney[] {
  return amounts.map((amount, i) => {
    const next = amounts[i + 1];
    const shared = next && amount.amount < 1000 && next.amount >= 1e6 && next.at - amount.end <= 3;
    return shared ? { ...amount, amount: amount.amount * 1e6 } : amount;
  });
}

function fromSubject({ subject, locale }: Reading): Candidate<Money>[] {
  return findMoney(subject, locale.dollar).flatMap((amount) => {
    const value = amount.currency === null ? null : toMoney(amount, null);
    const said = `${before(subject, amount.at)} | ${behind(subject, amount.end)}`;
    return value === null || lastIndex(said, OTHER_WORDS) >= 0
      ? []
      : [{ value, score: 50, source: 'subject' as const, at: amount.at }];
  });
}

function fromProse({ body, pairs, locale }: Reading): Candidate<Money>[] {
  // A line with a label of no known kind may still be a sentence with a colon.
  const labelled = new Set(pairs.filter(({ kinds }) => kinds.length > 0).map((pair) => pair.at));
  return body.flatMap(({ text, at }) => {
    if (labelled.has(at)) return [];
    const amounts = findMoney(text, locale.dollar);
    return amounts.flatMap((amount, i) => {
      const value = toMoney(amount, amount.amount >= 1000 ? locale.currency : null);
      const score = proseScore(text, amount, amounts[i - 1]?.end ?? 0, amounts[i + 1]?.at);
      return value === null || score === 0 ? [] : [{ value, score, source: 'prose' as const, at: at + amount.at }];
    });
  });
}

/** The nearest word that tells what an amount is decides. */
function proseScore(text: string, amount: FoundMoney, floor: number, ceiling: number | undefined): number {
  const ahead = behind(text, amount.end, ceiling);
  if (LIMIT_BEHIND.test(ahead)) {
    // `Retention: $75,000 each claim` and `max contract value £2.4m any one contract` are no limits for all that.
    const close = before(text, amount.at, floor).slice(-CLOSE);
    return lastIndex(close, OTHER_WORDS) > lastIndex(close, LIMIT_WORDS) ? 0 : 70;
  }
  if (OTHER_BEHIND.test(ahead)) return 0;
  const back = before(text, amount.at, floor);
  const limit = lastIndex(back, LIMIT_WORDS);
  return limit >= 0 && limit > lastIndex(back, OTHER_WORDS) ? 60 : 0;
}

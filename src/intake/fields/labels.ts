// Knows the labels that brokers put before a value, in the words of several countries, and finds such pairs in lines and tables.

export type LabelKind = 'insured' | 'policy' | 'limit' | 'date' | 'period' | 'broker';

/** A label is of a kind when each of its words is known to the kind and one of them is a `core` word. */
interface Vocabulary {
  core: string;
  with: string;
}

const VOCABULARIES: Record<LabelKind, Vocabulary> = {
  insured: {
    core: 'insured insureds assured applicant applicants proposer client customer policyholder account company business entity organisation organization prospect risk versicherungsnehmer versicherungsnehmerin kunde antragsteller assuré assurée souscripteur preneur cliente asegurado tomador contraente assicurato segurado verzekerde verzekeringnemer klant kund försäkringstagare kunden forsikringstager',
    with: 'name names of full legal registered the our your named first proposed prospective primary new firm holder policy nom nombre del de naam nome company business entity group client insured assurance trading as',
  },
  policy: {
    core: 'policy class line lines cover coverage coverages product products lob insurance risk type programme program section sparte versicherungsart versicherungssparte deckung produkt branche garantie ramo seguro polizza dekking verzekering verzekeringsvorm försäkring',
    with: 'of business type kind required requested sought class line the insurance cover coverage form policy needed proposed contract liability tipo de del di da des van type new',
  },
  limit: {
    core: 'limit limits indemnity sum sums loi csl tiv occurrence any each coverage cover insurance capacity insured insurable assured versicherungssumme deckungssumme haftungslimit limite plafond capital capitaux montant suma límite massimale somma limiet verzekerd försäkringsbelopp importância',
    with: 'of liability any one claim conveyance occurrence each every and per requested required total proposed amount value insured insurable cover coverage insurance the policy primary combined single desired aggregate general annual or in all vessel sending transit location event loss accident person sought declared reinstatement rebuild building us usd gbp eur aud for to maximum max bedrag asegurada assicurata assuré assurés garantie requirement de du di segurada je schaden pauschal',
  },
  date: {
    core: 'effective inception incepting start starts starting commencement commencing commences attachment attaching from renewal beginning begin begins eff incept vertragsbeginn versicherungsbeginn beginn ingangsdatum ingang inicio efecto decorrenza vigencia effet effetto wirksam startdatum início',
    with: 'date dates proposed policy cover coverage of requested required desired target the insurance risk on new from anticipated expected needed by to for start date fecha de del data da inizio prise',
  },
  period: {
    core: 'period term laufzeit versicherungszeitraum période periodo período looptijd dates',
    with: 'policy of insurance cover coverage proposed requested the risk effective',
  },
  broker: {
    core: 'broker brokers brokerage agency agent producer intermediary makler versicherungsmakler courtier makelaar tussenpersoon corredor corretor intermediario submitted wholesaler mediador',
    with: 'name producing retail insurance firm of record placing submitting the company by office house',
  },
};

const KINDS = Object.keys(VOCABULARIES) as LabelKind[];

/** Of each word, the kinds that know it and those of which it is a core word: one bit for each kind, in the order of `KINDS`. */
const WORDS = new Map<string, { known: number; core: number }>();
for (const [bit, kind] of KINDS.entries()) {
  const { core, with: others } = VOCABULARIES[kind];
  const learn = (word: string, isCore: boolean) => {
    const bits = WORDS.get(word) ?? { known: 0, core: 0 };
    WORDS.set(word, { known: bits.known | (1 << bit), core: bits.core | (isCore ? 1 << bit : 0) });
  };
  for (const word of core.split(' ')) learn(word, true);
  for (const word of others.split(' ')) learn(word, false);
}

const MAX_LABEL = 60;
const MAX_WORDS = 8;
const NO_KINDS: readonly LabelKind[] = [];

/** The kinds that a label may be of: several for `Cover`, none for `Additional insured` or `Expiring limit`. */
export function labelKinds(label: string): readonly LabelKind[] {
  if (label.length > MAX_LABEL || /\d/.test(label)) return NO_KINDS;
  let plain = label.toLowerCase();
  // Most labels are a word or two, and most others are sentences: neither needs all of this.
  if (/[('’]/.test(plain))
    plain = plain
      .replace(/\([^()]*\)/g, ' ')
      .replace(/['’]s\b/g, '')
      .replace(/\b[dl]['’]/g, '');
  if (plain.includes('address'))
    plain = plain.replace(/ (?:&|and) (?:mailing |postal |registered )?address(?:es)?$/, '');
  let [known, core, count] = [-1, 0, 0];
  for (const word of plain.split(/[^\p{L}’]+/u)) {
    if (word === '') continue;
    const bits = WORDS.get(word);
    known &= bits?.known ?? 0;
    if (!bits || known === 0 || ++count > MAX_WORDS) return NO_KINDS;
    core |= bits.core;
  }
  return KINDS.filter((_, bit) => known & core & (1 << bit));
}

/** A label with its value. Every `Label: value` of a mail is one, also those of no known kind: they tell what a value is not. */
export interface LabelledValue {
  label: string;
  kinds: readonly LabelKind[];
  value: string;
  /** Offset of the line in the text. */
  at: number;
  /** Index of the line. */
  line: number;
}

/** A line of the mail with its offset in the text. */
export interface Line {
  text: string;
  at: number;
}

const BULLET = /^\s*(?:[-*•·▪◦‣–>]\s*|\(?\d{1,2}[.)]\s+|\(?[a-z]\)\s+){0,2}/i;
const COLON = /^[\s*_]{0,4}([^:\t=?]{2,60})[:=]\s*(.*)$/;
const DASH = /^([^:\t=]{2,40}?)\s[-–—]\s(.+)$/;
const GAP = /^([^:\t]{2,60}?)(?:\.{3,}| {3})(.+)$/;

/** All pairs in the lines, in their order. */
export function findPairs(lines: readonly Line[]): LabelledValue[] {
  const pairs: LabelledValue[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as Line;
    const add = (marked: string, value: string) => {
      const label = unmarked(marked);
      pairs.push({ label, kinds: labelKinds(label), value: unmarked(value), at: line.at, line: i });
    };
    const cells = cellsOf(line.text);
    const below = headerCells(cells, lines[i + 1]);
    if (below) {
      for (const [column, cell] of cells.entries()) add(cell, below[column] ?? '');
      i++;
      continue;
    }
    for (let c = 0; c < cells.length; c++) {
      const cell = cells[c] as string;
      const pair = pairIn(cell);
      if (pair && (pair.value !== '' || cells.length === 1)) add(pair.label, pair.value || valueBelow(lines, i));
      else if (cells.length > c + 1 && labelKinds(cell.replace(/:\s*$/, '')).length > 0)
        add(cell.replace(/:\s*$/, ''), cells[++c] ?? '');
      else if (cells.length === 1 && cell.length < 40 && labelKinds(cell).length > 0) add(cell, valueBelow(lines, i));
      else if (c === 0 && cells.length === 2) add(cell, cells[++c] ?? '');
    }
  }
  return pairs;
}

/** Without the marks of bold text that mail programs leave in plain text. */
function unmarked(text: string): string {
  if (!/[*_]| {2}/.test(text)) return text.trim();
  return text
    .replace(/[*_]{1,4}/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

function cellsOf(text: string): string[] {
  const plain = text.replace(BULLET, '');
  if (plain.includes('\t')) return plain.split('\t').map((cell) => cell.trim());
  // `Insured: X; Limit: Y` and `| Insured | X |`
  if (plain.includes(';') || plain.includes('|')) {
    const cells = plain
      .split(/[|]|;\s/)
      .map((cell) => cell.trim())
      .filter(Boolean);
    if (plain.includes('|') || cells.every((cell) => COLON.test(cell))) return cells;
  }
  return [plain];
}

/** The row under a row of labels, for tables that have their labels on top. */
function headerCells(cells: string[], next: Line | undefined): string[] | null {
  if (!next || cells.length < 2) return null;
  const labels = cells.filter((cell) => labelKinds(cell).length > 0).length;
  if (labels < 2 || labels < cells.length / 2) return null;
  const below = cellsOf(next.text);
  // Label, value, label, value: then the row below looks the same.
  const alike = below.length === cells.length && below.every((cell) => labelKinds(cell).length === 0);
  return alike ? below : null;
}

function pairIn(cell: string): { label: string; value: string } | null {
  const colon = COLON.exec(cell);
  if (colon) return { label: colon[1] as string, value: colon[2] as string };
  for (const pattern of [DASH, GAP]) {
    const match = pattern.exec(cell);
    // Without a colon only a label that is known counts: prose has dashes too.
    if (match && labelKinds(match[1] as string).length > 0)
      return { label: match[1] as string, value: match[2] as string };
  }
  return null;
}

/** The value under a label that stands alone, unless that is a label itself. */
function valueBelow(lines: readonly Line[], index: number): string {
  const below = lines.slice(index + 1, index + 3).find(({ text }) => text.trim() !== '');
  if (!below) return '';
  const text = below.text.replace(BULLET, '').trim();
  return COLON.test(text) || labelKinds(text).length > 0 ? '' : text;
}

// The hub's lines of business, and the many names that brokers have for them.
import { allMatches } from './clause.js';

interface Line {
  name: string | null;
  /** Names that mean this line wherever they stand. */
  strong: string;
  /** Words that mean it only where a line of business is due: after a label, in a subject, before "cover". */
  weak?: string;
  /** Abbreviations, only in capitals. */
  short?: string;
}

const LINES: Line[] = [
  {
    name: 'General Liability',
    strong:
      '(?:commercial )?general liab(?:ility)?|public (?:(?:&|and|/) products? )?liab(?:ility)?|third party liability|comprehensive general liability|betriebshaftpflicht(?:versicherung)?|responsabilité civile(?: exploitation| générale)?|responsabilidad civil(?: general)?|responsabilità civile(?: terzi)?|bedrijfsaansprakelijkheid|aansprakelijkheid(?:sverzekering)?|general third party|broadform(?: liability)?',
    weak: 'liability|casualty|haftpflicht(?:versicherung)?|rc pro',
    short: 'GL|CGL|AVB|BPL|RCT',
  },
  {
    name: 'Commercial Property',
    strong:
      'commercial property|property (?:all risks?|damage (?:&|and) business interruption|owners?)|buildings? (?:&|and) contents|industrial special risks|multirisque|sachversicherung|gebäudeversicherung|dommages aux biens|inventaris(?:- en)? opstalverzekering|daños materiales|danni ai beni|commercial combined|all risks property',
    weak: 'property|properties|contents|buildings|opstal|fire',
    short: 'ISR|PDBI|PAR',
  },
  {
    name: 'Commercial Auto',
    strong:
      '(?:commercial|business|hired (?:&|and) non-owned) (?:auto(?:mobile)?s?|vehicles?|motor)(?: liability)?|motor fleet|motor trade|auto liability|truckers? liability|fuhrpark(?:versicherung)?|flottenversicherung|kfz-flotte|flotte automobile|wagenpark(?:verzekering)?|flota de vehículos|motor carrier',
    weak: 'auto|automobile|fleet|motor|trucking|vehicles?',
  },
  {
    name: 'Workers Compensation',
    strong: "work(?:er|men|ers|men)['’]?s?['’]? comp(?:ensation)?",
    short: 'WC',
  },
  // A line of its own that the hub has no name for: here so that its `liability` is not taken for the general one.
  {
    name: null,
    strong:
      "employer['’]?s?['’]? liability|limit of (?:liability|indemnity)|limits of (?:liability|insurance)|vicarious liability|liability limits?",
    short: 'EL',
  },
  {
    name: 'Cyber',
    strong:
      'cyber(?:[ -](?:liability|risks?|security|insurance|cover|crime|and data|& data)){0,2}|data breach|network security (?:&|and) privacy|cyberversicherung|cyberrisques?',
  },
  {
    name: 'Professional Indemnity',
    strong:
      'professional (?:indemnity|liability)(?: insurance)?|errors (?:&|and) omissions|miscellaneous professional|berufshaftpflicht(?:versicherung)?|vermögensschadenhaftpflicht|responsabilité civile professionnelle|beroepsaansprakelijkheid(?:sverzekering)?|responsabilidad civil profesional|responsabilità civile professionale|malpractice|tech(?:nology)? e ?& ?o',
    short: 'PI|PII|E ?& ?O|E and O|MPL',
  },
  {
    name: 'Directors & Officers',
    strong:
      "directors?['’]?s? ?(?:&|and|/|\\+) ?officers?['’]?(?: liability)?|management liability|bestuurdersaansprakelijkheid|responsabilité des dirigeants|organhaftpflicht",
    short: 'D ?& ?O|D and O|DNO|BAV',
  },
  {
    name: 'Umbrella/Excess',
    strong:
      '(?:commercial )?umbrella(?: liability)?(?: ?/ ?excess)?|excess (?:liability|casualty|of loss|layer|umbrella)|umbrella (?:&|and|or) excess',
    short: 'XS',
  },
  {
    name: 'Marine Cargo',
    strong:
      'marine (?:open )?cargo|cargo (?:open cover|stock throughput)|stock throughput|goods in transit|open cargo|transportversicherung|warentransport(?:versicherung)?|marchandises transportées|goederentransport(?:verzekering)?|transporte de mercancías|trasporto merci|motor truck cargo',
    weak: 'cargo|transit|haulage',
    short: 'GIT|STP',
  },
  {
    name: 'Business Owners Package',
    strong:
      "business ?owner['’]?s?['’]? (?:package|policy|pkg|program)|business ?owners|small business package|commercial package|package policy",
    weak: 'package',
    short: 'BOP|CPP',
  },
  {
    name: 'Builders Risk',
    strong:
      "builder['’]?s?['’]? risks?|contract(?:ors?)?['’]? (?:works|all[ -]risks?)|course of construction|erection all risks|bauleistungsversicherung|tous risques chantier|construction all risks?|todo riesgo construcción|construction works",
    short: 'CAR|EAR|COC',
  },
  {
    name: 'Product Liability',
    strong:
      "products?['’]? (?:liab(?:ility)?|recall and liability|(?:&|and|/) completed operations)|produkthaftpflicht(?:versicherung)?|responsabilité (?:civile )?produits|productaansprakelijkheid(?:sverzekering)?|responsabilidad civil (?:de )?productos?|responsabilità (?:civile )?prodotti",
    weak: 'products',
  },
  {
    name: 'Employment Practices',
    strong: 'employment practices?(?: liability)?(?: insurance)?',
    short: 'EPLI?',
  },
  {
    name: 'Environmental',
    strong:
      "environmental (?:impairment )?(?:liability|impairment)|pollution (?:legal )?(?:liability|cover)|contractors?['’]? pollution|premises pollution|site pollution|umwelthaftpflicht(?:versicherung)?|milieuschadeverzekering|atteintes? à l['’]environnement",
    weak: 'environmental|pollution',
    short: 'EIL|PLL|CPL',
  },
  {
    name: 'Crime',
    strong:
      'commercial crime|fidelity (?:bond|guarantee|insurance)|crime (?:insurance|cover|policy)|employee (?:dishonesty|theft)|vertrauensschaden(?:versicherung)?|crime and fidelity',
    weak: 'crime|fidelity',
  },
];

interface Pattern {
  name: string | null;
  regex: RegExp;
  weak: boolean;
}

const bounded = (names: string, flags: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}&])(?:${names})(?![\\p{L}\\p{N}&])`, flags);

/**
 * The one to three letters that each of the names may begin with. Most sentences name no line of business, and trying every
 * name on them takes longer than all else that is read in a mail.
 */
function leadsOf(names: string): string[] {
  return topLevelAlternatives(names).flatMap((alternative) => {
    const [, group, optional, rest] = /^\(\?:((?:[^()]|\([^()]*\))*)\)(\??)(.*)$/su.exec(alternative) ?? [];
    if (group !== undefined) return [...leadsOf(group), ...(optional ? leadsOf(rest as string) : [])];
    const [, letters = '', next = ''] = /^(\p{L}*)(.?)/su.exec(alternative) ?? [];
    // What follows may make the last letter optional.
    const lead = letters.slice(0, /[?*{]/.test(next) ? -1 : 3).slice(0, 3);
    if (lead === '') throw new Error(`no letter begins ${alternative}`);
    return lead.toLowerCase();
  });
}

function topLevelAlternatives(names: string): string[] {
  const alternatives = [''];
  let depth = 0;
  for (const char of names) {
    if (char === '(' || char === '[') depth++;
    if (char === ')' || char === ']') depth--;
    if (char === '|' && depth === 0) alternatives.push('');
    else alternatives[alternatives.length - 1] += char;
  }
  return alternatives;
}

/** Patterns by how their names may begin. */
const PATTERNS = new Map<string, Pattern[]>();
for (const { name, strong, weak, short } of LINES) {
  add(strong, 'giu', false);
  add(short, 'gu', false);
  add(weak, 'giu', true);

  function add(names: string | undefined, flags: string, isWeak: boolean): void {
    if (names === undefined) return;
    const pattern = { name, regex: bounded(names, flags), weak: isWeak };
    for (const lead of new Set(leadsOf(names))) PATTERNS.set(lead, [...(PATTERNS.get(lead) ?? []), pattern]);
  }
}

/** The beginning of a word that some pattern may match: the longest, of which the shorter ones are the beginnings. */
const LEAD = new RegExp(
  `(?<![\\p{L}\\p{N}&])(?:${[...PATTERNS.keys()].sort((a, b) => b.length - a.length).join('|')})`,
  'gu',
);

/** The patterns that some word of the text may be the beginning of. */
function patternsFor(text: string): Set<Pattern> {
  const patterns = new Set<Pattern>();
  for (const lead of text.toLowerCase().match(LEAD) ?? []) {
    for (let length = 1; length <= lead.length; length++) {
      for (const pattern of PATTERNS.get(lead.slice(0, length)) ?? []) patterns.add(pattern);
    }
  }
  return patterns;
}

/** Names of the lines of business, as `extracted_fields.policy_type` has them. */
export const POLICY_TYPES: readonly string[] = LINES.flatMap(({ name }) => name ?? []);

export interface FoundPolicyType {
  name: string;
  at: number;
  end: number;
  weak: boolean;
}

/** The lines of business that a text names, in their order; of overlapping names the longest. `weak`: also by words that may mean other things. */
export function findPolicyTypes(text: string, weak: boolean): FoundPolicyType[] {
  const found: (Omit<FoundPolicyType, 'name'> & { name: string | null })[] = [];
  for (const { name, regex, weak: isWeak } of patternsFor(text)) {
    if (isWeak && !weak) continue;
    for (const { index, 0: match } of allMatches(text, regex))
      found.push({ name, at: index, end: index + match.length, weak: isWeak });
  }
  found.sort((a, b) => a.at - b.at || b.end - a.end);
  let covered = -1;
  return found.filter((mention): mention is FoundPolicyType => {
    if (mention.end <= covered) return false;
    covered = mention.end;
    return mention.name !== null;
  });
}

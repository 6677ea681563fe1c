// What is left of a company's name when its legal form and its punctuation are taken away: by that, names are compared.

/** Words that end a company's name and are no part of it, in small letters. */
export const LEGAL_FORMS: ReadonlySet<string> = new Set(
  `ltd limited llc l.l.c llp l.l.p lp l.p inc incorporated corp corporation co company plc p.l.c pty gmbh ag kg ohg ug se b.v bv n.v nv vof
  s.a sa sas s.a.s sarl s.à.r.l s.a.r.l srl s.r.l spa s.p.a sl s.l s.l.u sociedad lda ltda ab a/s as aps oy oyj dac clg pc p.c pllc cic cio ulc pte sdn bhd
  trust foundation association cooperative partnership`.split(/\s+/),
);

/** A name in small letters without its legal form: `pellow strand insurance brokers`. */
export function coreOf(name: string): string {
  const words = name
    .normalize('NFKC')
    .toLowerCase()
    .split(/[\s,&]+/)
    .filter(Boolean);
  while (words.length > 1 && LEGAL_FORMS.has((words.at(-1) as string).replace(/\.$/, ''))) words.pop();
  return words
    .map((word) => word.replace(/[^\p{L}\p{N}]/gu, ''))
    .filter(Boolean)
    .join(' ');
}

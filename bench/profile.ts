// `npx tsx bench/profile.ts <file.cpuprofile>…`: which files and functions a profile of `npm run bench -- --profile=…` spends
// its time in. Idle time is left out.
import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Profile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    children?: number[];
  }[];
  samples: number[];
  timeDeltas: number[];
}

const ROOT = process.cwd();
const IDLE = new Set(['(idle)', '(root)', '(program)']);
const LINES = 40;

type Frame = Profile['nodes'][number]['callFrame'];

function fileOf({ functionName, url }: Frame): string {
  if (functionName.startsWith('RegExp:')) return 'regular expressions';
  const name = url.replace(/^file:\/\//, '');
  const library = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name);
  if (library) return library[1] as string;
  if (name.startsWith('node:') || name === '') return name || 'V8';
  return path.relative(ROOT, name);
}

const nameOf = (frame: Frame): string =>
  `${(frame.functionName || '(anonymous)').slice(0, 80)} ${fileOf(frame)}${frame.url ? `:${frame.lineNumber + 1}` : ''}`;

/** Own time by file and by function, and time with everything called from it, by function, milliseconds. */
function summarise({ nodes, samples, timeDeltas }: Profile) {
  const own = new Map<number, number>();
  samples.forEach((id, index) => own.set(id, (own.get(id) ?? 0) + (timeDeltas[index] ?? 0) / 1_000));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const files = new Map<string, number>();
  const functions = new Map<string, number>();
  const totals = new Map<string, number>();
  const add = (map: Map<string, number>, key: string, ms: number): void => void map.set(key, (map.get(key) ?? 0) + ms);

  /** Adds a subtree; a function that calls itself counts once. */
  const walk = (id: number, above: ReadonlySet<string>): number => {
    const node = byId.get(id) as Profile['nodes'][number];
    const { callFrame } = node;
    const name = nameOf(callFrame);
    const self = IDLE.has(callFrame.functionName) ? 0 : (own.get(id) ?? 0);
    add(files, fileOf(callFrame), self);
    add(functions, name, self);
    const under = above.has(name) ? above : new Set([...above, name]);
    const total = (node.children ?? []).reduce((sum, child) => sum + walk(child, under), self);
    if (!above.has(name)) add(totals, name, total);
    return total;
  };
  const busy = walk((nodes[0] as Profile['nodes'][number]).id, new Set());
  return { busy, files, functions, totals };
}

function print(title: string, map: ReadonlyMap<string, number>, busy: number): void {
  console.log(`\n${title}`);
  const sorted = [...map].sort(([, a], [, b]) => b - a).slice(0, LINES);
  for (const [name, ms] of sorted) {
    if (ms / busy >= 0.004) console.log(`${((100 * ms) / busy).toFixed(1).padStart(6)} %  ${name}`);
  }
}

for (const file of process.argv.slice(2)) {
  const { busy, files, functions, totals } = summarise(JSON.parse(readFileSync(file, 'utf8')) as Profile);
  console.log(`\n${path.basename(file)}: ${Math.round(busy)} ms busy`);
  print('own time, by file or library', files, busy);
  print('own time, by function', functions, busy);
  print('with what it calls, by function', totals, busy);
}

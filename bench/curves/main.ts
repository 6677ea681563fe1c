// `npm run bench -- --curves`: how costs grow with the work, one picture for each; what stands in docs/performance was drawn by it.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../processes.js';
import { type Curve, draw, tableOfCurve } from './chart.js';
import { curvesOfBursts, curvesOfSockets } from './fan-out.js';
import { curvesOfFilters } from './filters.js';
import { curvesOfIntake } from './intake.js';
import { curvesOfItems } from './items.js';
import { curvesOfLog } from './log-length.js';

export const CURVES: Record<string, (bench: Bench, mongoUrl: string) => Promise<Curve[]>> = {
  sockets: curvesOfSockets,
  bursts: curvesOfBursts,
  filters: curvesOfFilters,
  intake: curvesOfIntake,
  items: curvesOfItems,
  log: curvesOfLog,
};

const DIRECTORY = fileURLToPath(new URL('../../docs/performance/', import.meta.url));

/** Writes pictures, and prints their figures. */
export async function show(curves: readonly Curve[]): Promise<void> {
  await mkdir(DIRECTORY, { recursive: true });
  for (const curve of curves) {
    await writeFile(path.join(DIRECTORY, `${curve.name}.svg`), draw(curve));
    console.log(`\n${tableOfCurve(curve)}`);
  }
}

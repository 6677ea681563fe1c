// Mocha's usual output, which files took longest, and the counts of the run in a file for `.ci/run`.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** So many files are named. */
const SLOWEST = 20;

/** Option `output`: the file, which gets one line, `N passed, N failed, N skipped`, when the run ends. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { output } = options.reporterOptions as { output: string };
    const { EVENT_SUITE_BEGIN, EVENT_SUITE_END, EVENT_RUN_END } = Mocha.Runner.constants;
    const seconds = new Map<string, number>();
    const add = ({ file, parent }: Mocha.Suite, sign: 1 | -1): void => {
      if (file && parent?.root) seconds.set(file, (seconds.get(file) ?? 0) + (sign * performance.now()) / 1_000);
    };
    runner.on(EVENT_SUITE_BEGIN, (suite) => add(suite, -1));
    runner.on(EVENT_SUITE_END, (suite) => add(suite, 1));
    runner.once(EVENT_RUN_END, () => {
      const slowest = [...seconds].sort(([, a], [, b]) => b - a).slice(0, SLOWEST);
      for (const [file, took] of slowest) console.log(`  ${took.toFixed(1)} s  ${path.relative('', file)}`);
      const { passes, failures, pending } = this.stats;
      writeFileSync(output, `${passes} passed, ${failures} failed, ${pending} skipped\n`);
    });
  }
}

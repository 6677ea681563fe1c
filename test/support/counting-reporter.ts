// Mocha's usual output, and the counts of the run in a file for `.ci/run`.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Option `output`: the file, which gets one line, `N passed, N failed, N skipped`, when the run ends. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { output } = options.reporterOptions as { output: string };
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(output, `${passes} passed, ${failures} failed, ${pending} skipped\n`);
    });
  }
}

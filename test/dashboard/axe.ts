// What axe finds on a page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '../support/chromium.js';

const axe = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

/** In words, one for each place. Waits for what moves on the page. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated from outside, which the policy of the page does not concern.
  if (!(await page.evaluate(`'axe' in window`))) await page.evaluate(`${axe};0`);
  return page.evaluate<string[]>(
    `Promise.all(document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity).map((one) => one.finished.catch(() => {}))).then(() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html.slice(0, 120) + ' ' + node.failureSummary)))`,
  );
}

// `npm run screenshots -- <folder>`: the screens of the desk at the widths of a phone, a tablet and a desktop, in both themes,
// to be looked at. With `--readme` it takes the README's picture instead.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { becomesTrue, endChromium, type Page } from '../support/chromium.js';
import { DEMO_PEOPLE } from '../../src/auth/demo-people.js';
import type { Claims } from '../support/hub.js';
import { endServers } from '../support/mongo.js';
import { type Desk, openDesk } from './desk.js';
import { file, PDF, PNG, receive, sample } from './mails.js';

const SIZES = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
];
const README = fileURLToPath(new URL('../../docs/images/desk.png', import.meta.url));
const TEAMS = ['property', 'casualty', 'cyber'];
const PEOPLE = ['alice', 'bob', 'carol'];
/** As the demo has them. */
const CLAIMS: Record<string, Claims> = Object.fromEntries(
  DEMO_PEOPLE.map(({ sub, name, roles, teams }) => [sub, { name, roles: [...roles], teams: [...teams] }]),
);

interface Screen {
  name: string;
  sub: string;
  show(page: Page): Promise<unknown>;
}

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { readme: { type: 'boolean', default: false } },
  });
  const [folder] = positionals;
  if (!values.readme && folder === undefined) throw new Error('Usage: npm run screenshots -- <folder> | --readme');
  const desk = await openDesk();
  try {
    const full = await fill(desk);
    if (values.readme) await shoot(desk, { width: 1440, height: 860 }, 'light', itemScreen(full), README);
    else await shootAll(desk, full, folder as string);
    desk.expectNoComplaints();
  } finally {
    await desk.close();
    await Promise.all([endServers(), endChromium()]);
  }
};

/** A day's work, half of it done; resolves with an item that has everything. */
async function fill(desk: Desk): Promise<number> {
  const { hub } = desk;
  const tokens = new Map<string, string>();
  for (const sub of PEOPLE) tokens.set(sub, await hub.token(sub, CLAIMS[sub]));
  await hub.call('POST', '/api/test/workitem', undefined, { count: 30 });
  for (const team of TEAMS) await hub.call('POST', '/api/test/workitem', undefined, { count: 4, team });
  await receive(desk, sample('07-flat-encoded'));
  const full = await receive(desk, {
    ...sample('07-flat-encoded'),
    subject: 'Revised: Weftgate Mill Estates Ltd',
    attachments: [file('slip.pdf', 'application/pdf', PDF), file('site plan.png', 'image/png', PNG)],
  });
  await hub.call('POST', '/api/test/workitem', undefined, { count: 8 });
  const steps = [null, 'quoted', 'needs_info', null, 'referred'];
  for (let id = 3; id < full; id += 2) {
    const token = tokens.get(PEOPLE[id % PEOPLE.length] as string);
    await hub.call('POST', `/api/workitems/${id}/claim`, token, {});
    const status = steps[id % steps.length];
    if (status)
      await hub.call('PATCH', `/api/workitems/${id}/status`, token, { status, version: 2, reason: 'Terms sent' });
  }
  await hub.call('POST', `/api/workitems/${full}/claim`, tokens.get('alice'), {});
  return full;
}

const itemScreen = (id: number): Screen => ({
  name: 'item',
  sub: 'alice',
  async show(page) {
    await page.evaluate(`location.hash = '#/all/${id}'`);
    await becomesTrue(
      page,
      `document.querySelector('#item mark') !== null && document.querySelector('#history li') !== null`,
    );
    // Attachments and the like have come by then, too.
    await page.waitForLoadState('networkidle');
  },
});

function screensOf(full: number): Screen[] {
  const there = (selector: string) => `document.querySelector('${selector}') !== null`;
  return [
    { name: 'list', sub: 'alice', show: async () => {} },
    itemScreen(full),
    {
      name: 'selection',
      sub: 'alice',
      async show(page) {
        await page.keyboard.press('j');
        await becomesTrue(page, `document.activeElement?.closest('[data-id]') !== null`);
        for (const key of ['x', 'Shift+ArrowDown', 'Shift+ArrowDown']) await page.keyboard.press(key);
        await becomesTrue(page, there('#bulk'));
      },
    },
    {
      name: 'help',
      sub: 'sam',
      show: (page) => page.keyboard.press('?').then(() => becomesTrue(page, there('#help'))),
    },
    {
      name: 'palette',
      sub: 'sam',
      async show(page) {
        await page.keyboard.press('Control+k');
        await becomesTrue(page, `document.activeElement?.hasAttribute('cmdk-input')`);
      },
    },
    {
      name: 'assign',
      sub: 'sam',
      async show(page) {
        await page.evaluate(`location.hash = '#/all/${full}'`);
        await becomesTrue(page, there('#item-actions button'));
        await page.keyboard.press('a');
        await becomesTrue(page, there('dialog[open]'));
      },
    },
    {
      name: 'monitor',
      sub: 'ada',
      async show(page) {
        await page.evaluate(`location.hash = '#/monitor'`);
        await becomesTrue(page, there('canvas'));
        await page.waitForLoadState('networkidle');
      },
    },
  ];
}

async function shootAll(desk: Desk, full: number, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const size of SIZES) {
    for (const theme of ['light', 'dark'] as const) {
      for (const screen of screensOf(full)) {
        const target = path.join(folder, `${screen.name}-${size.width}-${theme}.png`);
        await shoot(desk, size, theme, screen, target);
        console.log(target);
      }
    }
  }
}

async function shoot(
  desk: Desk,
  viewport: { width: number; height: number },
  colorScheme: 'light' | 'dark',
  { sub, show }: Screen,
  target: string,
): Promise<void> {
  const context = await desk.context({ viewport, colorScheme, reducedMotion: 'reduce' });
  const page = await desk.open(sub, { context, place: '#/all', ...CLAIMS[sub] });
  await becomesTrue(page, `document.querySelectorAll('#items [data-id]').length > 3`);
  await show(page);
  await page.screenshot({ path: target });
  await context.close();
}

await main();

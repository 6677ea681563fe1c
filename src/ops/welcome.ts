// What a hub in development says when it is up: where to look, who to be, and lines to paste that work.
import { DEMO_PEOPLE, type DemoPerson, demoToken } from '../auth/demo-people.js';
import type { Config } from '../config.js';

const MAIL = {
  subject: 'Cyber quote request - Harbour Lane Dental Ltd',
  from: 'jo.mercer@mercerbrokers.example.com',
  body: 'Insured: Harbour Lane Dental Ltd\nClass: Cyber\nLimit: £2,000,000\nInception: 1 March 2027\n\nJo Mercer\nMercer Brokers Ltd',
};

/** Keys and links of a hub, as they stand. */
export interface WelcomeOptions {
  config: Config;
  secrets: { jwtSecret: string | undefined; intakeKeys: readonly string[] };
}

/** The text, ready to print. Holds tokens: for the terminal of whoever started the hub, never for a log. */
export async function welcome({ config, secrets }: WelcomeOptions, url: string): Promise<string> {
  const { jwtSecret } = secrets;
  const key = secrets.intakeKeys[0] ?? '';
  const people =
    jwtSecret === undefined ? [] : await Promise.all(DEMO_PEOPLE.map((person) => signIn(person, jwtSecret)));
  const socketUrl = `${url.replace(/^http/, 'ws')}/ws/workitems`;
  const [alice, bob] = people;

  async function signIn(person: DemoPerson, secret: string) {
    return { ...person, ...(await demoToken(secret, person, config)) };
  }
  const post = (path: string, body: object, header = ''): string =>
    `curl -s ${url}${path} ${header}-H 'content-type: application/json' \\\n    -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`;
  const watch = (token: string): string => `npx -y wscat -c '${socketUrl}?v=2&token=${token}'`;

  const lines = [
    '',
    `workitem-hub is up: ${url}`,
    `Process id: ${process.pid}`,
    '',
    ...(people.length === 0 ? [] : ['Sign in as']),
    ...people.map(({ name, roles, teams, token }) => {
      const what = [...roles, ...teams.map((team) => `team ${team}`)].join(', ');
      return `  ${name} (${what})\n    ${url}/#token=${token}`;
    }),
    '',
    `Intake key: ${key} (header x-api-key)`,
    '',
    'Post a mail, as the Logic App does; every underwriter sees it',
    `  ${post('/api/email/intake', MAIL, `-H 'x-api-key: ${key}' `)}`,
    '',
    ...(config.TEST_WORKITEMS
      ? [
          'Make an item that only Alice and supervisors see',
          `  ${post('/api/test/workitem', { assigned_to: 'alice' })}`,
          '',
        ]
      : []),
    ...(alice && bob ? ['Watch as Alice, and as Bob', `  ${watch(alice.token)}`, '', `  ${watch(bob.token)}`, ''] : []),
    ...(config.LEGACY_WS_ANONYMOUS
      ? ['Watch as a page of the old service does', `  npx -y wscat -c '${socketUrl}'`, '']
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

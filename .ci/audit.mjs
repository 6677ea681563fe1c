// Looks for known holes in what is shipped, by `npm audit`; arguments are passed on to it. Ends with 1 when there is one
// of severity high or critical, and when the registry failed. One that offers no audits at all is said so and let pass.
import { spawnSync } from 'node:child_process';

/** What a registry without that address answers. */
const NOT_THERE = [404, 405, 410, 501];

const audit = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json', ...process.argv.slice(2)], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'pipe'],
  maxBuffer: 64 * 1024 * 1024,
});
const report = read(audit.stdout);

if (report.auditReportVersion !== undefined) {
  const grave = Object.values(report.vulnerabilities).filter(({ severity }) => /high|critical/.test(severity));
  for (const { name, severity, range } of grave) console.log(`${severity}: ${name} ${range}`);
  if (audit.status === 0 && grave.length === 0) console.log('No known hole of severity high or critical.');
  else process.exitCode = 1;
} else if (NOT_THERE.includes(report.statusCode)) {
  console.log(`No audit available here: the registry answers ${report.statusCode} to it.`);
} else {
  console.log(`The audit failed: ${report.message ?? report.error?.summary ?? audit.stderr ?? audit.error}`);
  process.exitCode = 1;
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

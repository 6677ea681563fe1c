// The whole history, judged from outside of the hub: what senders were answered, what the database holds, and what clients saw.
import type { LogFacts } from './log-process.js';
import { faultsOf } from './log-process.js';
import type { Traffic } from './traffic.js';
import type { Watcher } from './watcher.js';

/** Everything that contradicts the hub's promise, in words. Taken when nothing is under way any more. */
export function faultsOfHistory(facts: LogFacts, traffic: Traffic, watchers: readonly Watcher[]): string[] {
  return [
    ...faultsOf(facts),
    ...traffic.faults,
    ...faultsOfMails(facts, traffic),
    ...faultsOfCommands(facts, traffic),
    ...watchers.flatMap((watcher) => faultsOfWatcher(facts, watcher)),
  ];
}

/** A mail is one submission, whatever became of the attempts, and all its answers named that one. */
function faultsOfMails({ submissions }: LogFacts, { mails }: Traffic): string[] {
  const faults: string[] = [];
  const stored = new Map<string, number[]>();
  for (const { _id, idempotency } of submissions) {
    stored.set(idempotency.value, [...(stored.get(idempotency.value) ?? []), _id]);
  }
  for (const [value, ids] of stored) if (ids.length > 1) faults.push(`mail ${value} is stored as ${ids.join()}`);
  for (const { messageId, submission_id } of mails) {
    const ids = stored.get(messageId) ?? [];
    if (ids[0] !== submission_id)
      faults.push(`mail ${messageId} was answered ${submission_id}, stored is ${ids.join()}`);
  }
  return faults;
}

/** A command that was answered well is one entry of its item's history; none is more than one. */
function faultsOfCommands({ items }: LogFacts, { commands }: Traffic): string[] {
  const faults: string[] = [];
  const done = new Map<string, number[]>();
  for (const { history } of items) {
    for (const { command_id: id, version } of history) if (id) done.set(id, [...(done.get(id) ?? []), version]);
  }
  for (const [id, versions] of done)
    if (versions.length > 1) faults.push(`command ${id} made versions ${versions.join()}`);
  for (const { commandId, id, version } of commands) {
    const made = done.get(commandId)?.[0] ?? null;
    if (version !== made) faults.push(`command ${commandId} on ${id} was answered ${version}, and made ${made}`);
  }
  return faults;
}

/** A client that came back each time with its position saw every event of its rooms since its start, once and in order. */
function faultsOfWatcher({ events }: LogFacts, { name, rooms, seen, startedAt, verdicts }: Watcher): string[] {
  const start = startedAt ?? 0;
  const due = events.filter(({ _id, rooms: to }) => _id > start && to.some((room) => rooms.includes(room)));
  const faults = verdicts.slice(1).flatMap((verdict) => (verdict === 'resumed' ? [] : [`${name} was told ${verdict}`]));
  const expected = due.map(({ _id, item, version }) => `${_id}:${item}:${version}`);
  const got = seen.map(({ seq, id, version }) => `${seq}:${id}:${version}`);
  if (expected.join() === got.join()) return faults;
  const [dueOnes, gotOnes] = [new Set(expected), new Set(got)];
  const missed = expected.filter((one) => !gotOnes.has(one));
  const strange = got.filter((one) => !dueOnes.has(one));
  const doubled = got.filter((one, index) => got.indexOf(one) !== index);
  faults.push(
    `${name} saw ${got.length} of ${expected.length} events: missed ${missed.slice(0, 5).join(' ')}, ` +
      `not its own ${strange.slice(0, 5).join(' ')}, twice ${doubled.slice(0, 5).join(' ')}`,
  );
  return faults;
}

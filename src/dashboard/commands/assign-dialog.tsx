// Gives items to somebody: people with what they have now, teams, or nobody. Typing narrows down, arrows and Enter choose.
import type { Item } from '@workitem-hub/client';
import { useConnection, useWorkItemClient } from '@workitem-hub/client/react';
import { mayAssign } from '@workitem-hub/client/steps';
import { Command } from 'cmdk';
import { useEffect, useMemo, useState } from 'react';
import { useApi } from '../hub/api';
import { formatCount } from '../locale/format';
import choosing from '../ui/choose.module.css';
import { Dialog } from '../ui/dialog';
import { type Order, placeWords } from './actions';
import { candidatesOf, teamsOf } from './load';
import { MessageDialog } from './message-dialog';
import { loadColleagues, nameOfPerson, useColleagues } from './people';
import { nameOfTarget, order } from './target';
import { useItems } from './use-items';
import style from './work.module.css';

export function AssignDialog({ ids, onClose }: { ids: readonly number[]; onClose: () => void }) {
  const client = useWorkItemClient();
  const api = useApi();
  const { principal } = useConnection();
  const colleagues = useColleagues();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState(false);
  const items = useItems(ids);
  const everything = client.workItems.items;
  const [first] = items;
  const holder = first && items.every((one) => one.assigned_to === first.assigned_to) ? first.assigned_to : null;
  const team = first && items.every((one) => one.team === first.team) ? first.team : null;

  useEffect(() => {
    const asked = loadColleagues(client, api);
    asked.then(
      () => setProblem(false),
      () => setProblem(true),
    );
  }, [client, api]);

  const people = useMemo(() => candidatesOf(colleagues, everything, team), [colleagues, everything, team]);
  const teams = useMemo(() => teamsOf(colleagues, everything), [colleagues, everything]);
  const most = Math.max(1, ...people.map(({ open }) => open));
  const wanted = text.trim().toLowerCase();
  const fits = (...words: string[]): boolean =>
    wanted.split(/\s+/).every((part) => words.some((word) => word.toLowerCase().includes(part)));
  const found = people.filter(({ id, name, teams: theirs }) => id !== holder && fits(name, id, ...theirs));
  // As the list had them when this was asked for: whoever was faster since is not to lose them without a word.
  const [before] = useState(() => new Map(items.map((one) => [one.id, one.assigned_to])));
  const moved = items.filter((one) => before.has(one.id) && before.get(one.id) !== one.assigned_to);
  const unassigned = items.every((one) => one.assigned_to === null);
  const places = [
    ...teams
      .filter((one) => !(unassigned && one.team === team) && fits(one.team, 'team'))
      .map((one) => ({
        id: `team ${one.team}`,
        words: `Team ${one.team}`,
        count: `${formatCount(one.unassigned)} unassigned`,
        team: one.team as string | null,
      })),
    ...(!(unassigned && team === null) && fits('pool', 'nobody', 'everybody')
      ? [{ id: 'pool', words: 'Pool', count: 'for everybody', team: null }]
      : []),
  ];

  function movedWords([one, ...others]: readonly Item[]): string {
    if (!one) return '';
    if (ids.length > 1) {
      const [are, them] = others.length > 0 ? ['have', 'them'] : ['has', 'it'];
      return `${formatCount(others.length + 1)} of them ${are} changed hands meanwhile. Assigning takes ${them} from whoever has ${them} now.`;
    }
    if (one.assigned_to === null) return `It is ${placeWords(one.team)} by now.`;
    if (one.assigned_to === principal?.sub) return 'You have it by now.';
    return `${nameOfPerson(client, one.assigned_to)} has it by now. Assigning takes it from them.`;
  }

  function choose(to: Order): void {
    onClose();
    order(client, items, to);
  }

  // A new token may be that of less.
  if (!principal || !mayAssign(principal)) {
    return (
      <MessageDialog id="assign-refused" title="Your rights have changed" className={style.small} onClose={onClose}>
        <p className={style.note} role="alert">
          Only a supervisor assigns, which you are not any more. Nothing was changed.
        </p>
      </MessageDialog>
    );
  }

  return (
    <Dialog label={`Assign ${nameOfTarget(items)}`} className={style.top as string} onClose={onClose}>
      <Command label="Assign" shouldFilter={false} loop className={style.assign} id="assign-dialog">
        <h2>Assign {nameOfTarget(items)}</h2>
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder="Name or team"
          className={choosing.input}
          data-first
        />
        <p className={moved.length > 0 ? style.note : 'unseen'} id="assign-moved" role="status" data-bad>
          {moved.length > 0 && movedWords(moved)}
        </p>
        {problem && (
          <p className={style.note} role="status">
            The list of people could not be asked for: these are those who were known before.
          </p>
        )}
        <Command.List className={choosing.list} label="People and teams">
          <Command.Empty className={choosing.none}>
            {wanted ? 'Nobody by that name has signed in.' : 'Nobody has signed in yet.'}
          </Command.Empty>
          {found.length > 0 && (
            <Command.Group heading="People, by what they have">
              {found.map(({ id, name, teams: theirs, online, open, inProgress, waiting }) => (
                <Command.Item
                  key={id}
                  value={`person ${id}`}
                  data-person={id}
                  className={choosing.choice}
                  onSelect={() => choose({ kind: 'assign', to: id })}
                >
                  <span className={style.person}>
                    <span className={style.name} data-online={online || undefined}>
                      {name}
                      {online && <span className="unseen">, online</span>}
                    </span>
                    <small>{theirs.join(', ') || 'no team'}</small>
                  </span>
                  <span className={style.load}>
                    <span className={style.track} aria-hidden>
                      <span style={{ width: `${(open / most) * 100}%` }} />
                    </span>
                    <span>
                      <span>
                        <strong>{formatCount(open)}</strong> open
                      </span>
                      <small>
                        {formatCount(inProgress)} in progress, {formatCount(waiting)} waiting
                      </small>
                    </span>
                  </span>
                </Command.Item>
              ))}
            </Command.Group>
          )}
          {places.length > 0 && (
            <Command.Group heading="To nobody yet">
              {places.map(({ id, words, count, team: place }) => (
                <Command.Item
                  key={id}
                  value={id}
                  data-place={id}
                  className={choosing.choice}
                  onSelect={() => choose({ kind: 'assign', to: null, team: place })}
                >
                  <span>{words}</span>
                  <small>{count}</small>
                </Command.Item>
              ))}
            </Command.Group>
          )}
        </Command.List>
      </Command>
    </Dialog>
  );
}

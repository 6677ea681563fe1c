// Made-up items for demonstrations, where the hub allows them; a chunk of its own.
import { useWorkItems } from '@workitem-hub/client/react';
import { Copy, FlaskConical } from 'lucide-react';
import { useMemo, useState } from 'react';
import { ApiError, useApi } from '../hub/api';
import { hubAddress } from '../hub/address';
import { useSession } from '../session/session';
import { Popover } from '../ui/popover';
import { toast } from '../ui/toasts';
import style from './test-controls.module.css';

const COUNTS = [
  [1, 'One'],
  [10, 'Ten'],
  [50, 'A burst of 50'],
] as const;
const PATH = 'api/test/workitem';

export default function TestControls() {
  const api = useApi();
  const { principal } = useSession();
  const items = useWorkItems();
  const teams = useMemo(
    () => [...new Set([...(principal?.teams ?? []), ...items.map(({ team }) => team ?? '')])].filter(Boolean).sort(),
    [principal, items],
  );
  const [target, setTarget] = useState('pool');
  const [busy, setBusy] = useState(false);

  function bodyOf(count: number): object {
    return {
      ...(count > 1 && { count }),
      ...(target === 'me' && { assigned_to: principal?.sub }),
      ...(target.startsWith('team ') && { team: target.slice(5) }),
    };
  }
  const line = `curl -s ${hubAddress(PATH)} -H 'content-type: application/json' -d '${JSON.stringify(bodyOf(1)).replaceAll("'", "'\\''")}'`;

  async function make(count: number): Promise<void> {
    if (busy) return;
    setBusy(true);
    try {
      await api.post(PATH, bodyOf(count));
    } catch (error) {
      toast(error instanceof ApiError ? error.message : String(error), { kind: 'failed' });
    } finally {
      setBusy(false);
    }
  }

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(line);
      toast('The line is copied.');
    } catch {
      toast('The browser does not let it be copied.', { kind: 'failed' });
    }
  }

  return (
    <Popover
      id="test-controls"
      align="end"
      panelLabel="Test items"
      label="Test items"
      className="button icon"
      button={<FlaskConical aria-hidden size={15} />}
    >
      {() => (
        <div className={style.controls}>
          <label>
            Test items for
            <select className="field" value={target} onChange={(event) => setTarget(event.target.value)}>
              <option value="pool">the pool</option>
              {/* Who takes no work has no queue in which it would be. */}
              {principal?.roles.includes('underwriter') && <option value="me">me</option>}
              {teams.map((team) => (
                <option key={team} value={`team ${team}`}>
                  team {team}
                </option>
              ))}
            </select>
          </label>
          <div className={style.counts}>
            {COUNTS.map(([count, words]) => (
              <button
                key={count}
                type="button"
                className="button outlined"
                data-count={count}
                // Disabled, it would lose the focus, and Escape would not be heard.
                aria-disabled={busy}
                onClick={() => void make(count)}
              >
                {words}
              </button>
            ))}
          </div>
          <div className={style.line}>
            <code>{line}</code>
            <button type="button" className="button icon" aria-label="Copy the line" onClick={() => void copy()}>
              <Copy aria-hidden size={14} />
            </button>
          </div>
        </div>
      )}
    </Popover>
  );
}

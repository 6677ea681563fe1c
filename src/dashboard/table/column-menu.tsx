// Which columns are shown.
import { Columns3 } from 'lucide-react';
import { useStored } from '../notices/use-stored';
import checks from '../ui/checks.module.css';
import { Popover } from '../ui/popover';
import { COLUMNS, columnChoice } from './columns';
import style from './column-menu.module.css';

export function ColumnMenu() {
  const [choice, setChoice] = useStored(columnChoice);
  return (
    <Popover
      id="columns"
      align="end"
      panelLabel="Columns"
      label="Columns"
      className="button icon"
      button={<Columns3 aria-hidden size={15} />}
    >
      {() => (
        <div className={`${checks.checks} ${style.columns}`}>
          {COLUMNS.map(({ name, words, shown, goes }) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={choice.shown[name] ?? shown}
                // Rows without either would say nothing.
                disabled={goes === 0}
                onChange={({ target }) => setChoice({ ...choice, shown: { ...choice.shown, [name]: target.checked } })}
              />
              {words}
            </label>
          ))}
          <button type="button" className="button outlined" onClick={() => setChoice({ widths: {}, shown: {} })}>
            Reset columns
          </button>
          <p>Those that there is no room for are left out, the least important first.</p>
        </div>
      )}
    </Popover>
  );
}

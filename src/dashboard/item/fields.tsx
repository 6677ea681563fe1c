// What was read out of the mail, and where the mail says it.
import type { Item } from '@workitem-hub/client';
import { formatAmount, formatDay } from '../locale/format';
import style from './item-panel.module.css';
import { foundIn, lineAround } from './mail-text';
import type { Field, Mail, Place } from './submission';

export const FIELDS: readonly (readonly [Field, string])[] = [
  ['insured_name', 'Insured'],
  ['policy_type', 'Class'],
  ['coverage_amount', 'Limit'],
  ['effective_date', 'Effective'],
  ['broker', 'Broker'],
];

function shown(field: Field, value: string): string {
  if (field === 'coverage_amount') return formatAmount(value);
  return field === 'effective_date' ? formatDay(value) : value;
}

export function Fields({
  item,
  mail,
  onPoint,
  onShow,
}: {
  item: Item;
  mail: Mail | undefined;
  /** The pointer or the focus is at this field now. */
  onPoint: (field: Field | null) => void;
  /** The place of this field is asked for. */
  onShow: (field: Field) => void;
}) {
  const places = new Map<Field, Place>(mail && [...foundIn(mail, 'body_text'), ...foundIn(mail, 'subject')]);
  return (
    <dl className={style.fields}>
      {FIELDS.map(([field, words]) => {
        const value = item.extracted_fields[field];
        const place = value ? places.get(field) : undefined;
        return (
          <div
            key={field}
            data-field={field}
            onMouseEnter={() => onPoint(field)}
            onMouseLeave={() => onPoint(null)}
            onFocus={() => onPoint(field)}
            onBlur={() => onPoint(null)}
          >
            <dt>{words}</dt>
            <dd>
              {!value && <span className={style.none}>Not found</span>}
              {value && !place && <span dir="auto">{shown(field, value)}</span>}
              {value && place && (
                <button type="button" title="Show in the mail" onClick={() => onShow(field)}>
                  <bdi>{shown(field, value)}</bdi>
                </button>
              )}
              {value && mail && <Source mail={mail} place={place} value={shown(field, value)} />}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().toLowerCase();

function Source({ mail, place, value }: { mail: Mail; place: Place | undefined; value: string }) {
  if (!place) return <span className={style.source}>Not word for word in the mail</span>;
  const [before, quote, after] = lineAround(mail, place);
  // The value once more says nothing.
  if (place.in === 'body_text' && plain(before + quote + after) === plain(value)) return null;
  return (
    <span className={style.source} dir="auto">
      {place.in === 'subject' && <i>Subject: </i>}
      {before}
      <b>{quote}</b>
      {after}
    </span>
  );
}

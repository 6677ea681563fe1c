// Money as the wire carries it: one short string, so that the pages of the old service can show it as it is.

/** An amount in major units (pounds, not pence) of an ISO 4217 currency. */
export interface Money {
  currency: string;
  amount: number;
}

const SIGN_OF: Record<string, string> = { USD: '$', GBP: '£', EUR: '€' };
const CURRENCY_OF: Record<string, string> = { $: 'USD', '£': 'GBP', '€': 'EUR' };

// Made once: making one costs a hundred times what formatting does.
const WHOLE = /* @__PURE__ */ new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const WITH_CENTS = /* @__PURE__ */ new Intl.NumberFormat('en-US', {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});

/** `$2,000,000`, `£2,000,000`, `€2,000,000`, else `AUD 20,000,000`; at most two decimals, none when whole. */
export function formatMoney({ currency, amount }: Money): string {
  const digits = (Number.isInteger(amount) ? WHOLE : WITH_CENTS).format(amount);
  const sign = SIGN_OF[currency];
  return sign ? sign + digits : `${currency} ${digits}`;
}

/** The inverse of {@link formatMoney}; `null` for anything that it would not have written. */
export function parseMoney(text: string | null | undefined): Money | null {
  const match = /^(?:([$£€])|([A-Z]{3}) )(\d{1,3}(?:,\d{3})*(?:\.\d{1,2})?)$/.exec(text ?? '');
  if (!match) return null;
  const currency = match[1] ? (CURRENCY_OF[match[1]] as string) : (match[2] as string);
  return { currency, amount: Number((match[3] as string).replaceAll(',', '')) };
}

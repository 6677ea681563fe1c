// What stands on the monitor, for its tests to look at.

/** A figure at the top: `online`, `open`, `pool`, `claim`, `arrivals`. */
export const figure = (name: string): string => `document.querySelector('[data-figure=${name}] dd')?.textContent`;
/** The words below it. */
export const about = (name: string): string =>
  `document.querySelector('[data-figure=${name}] dd:last-child')?.textContent`;
/** A cell of one of the tables. */
export const cell = (table: string, row: string, column: string): string =>
  `document.querySelector('#${table} [data-row="${row}"] [data-cell=${column}]')?.textContent`;
/** Keys of the rows of a table, from the top. */
export const rows = (table: string): string =>
  `[...document.querySelectorAll('#${table} [data-row]')].map((row) => row.dataset.row).join()`;
/** What the table behind a chart says, hour by hour, without hours that have none. */
export const charted = (title: string, none: string): string =>
  `[...document.querySelectorAll('[data-chart="${title}"] td')].map((one) => one.textContent).filter((text) => text !== '${none}').join()`;
/** Everything is there. */
export const SHOWN = `document.querySelectorAll('#processes [data-row]').length > 0 && document.querySelector('[data-loaded]') !== null && document.querySelectorAll('#people [data-row]').length > 0`;

// One chart over the hours of a day, drawn by uPlot; a canvas says nothing to a screen reader, so the same stands in a table that only it meets.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { colourOf, onTheme } from './colours';
import style from './charts.module.css';

const HOUR_MS = 3_600_000;
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const hourWords = (from: number): string => `${CLOCK.format(from)}–${CLOCK.format(from + HOUR_MS)}`;

export interface ChartProps {
  title: string;
  /** What stands beside the title while no hour is pointed at. */
  summary: string;
  points: readonly { hour: string; value: number | null }[];
  /** What a value is called, in the axis and in words. */
  format: (value: number) => string;
  /** The same, where there is room. */
  words: (value: number) => string;
  /** Said in place of a value where there is none. */
  none: string;
  /** Said in place of the chart when there is nothing at all. */
  empty: string;
  kind: 'bars' | 'line';
  colour: `--${string}`;
  /** Steps of the axis. */
  steps: number[];
  /** The least that the axis shows. */
  top: number;
}

export function Chart(props: ChartProps) {
  const { title, summary, points, words, none, empty, kind } = props;
  const [pointed, setPointed] = useState<number | null>(null);
  const point = pointed === null ? undefined : points[pointed];
  const blank = points.every(({ value }) => value === null || (value === 0 && kind === 'bars'));
  const say = (value: number | null): string => (value === null ? none : words(value));
  return (
    <figure className={style.chart} data-chart={title}>
      <figcaption>
        <h3>{title}</h3>
        <span className={style.readout} aria-hidden={point ? true : undefined}>
          {point ? `${hourWords(Date.parse(point.hour))}: ${say(point.value)}` : summary}
        </span>
      </figcaption>
      {blank ? <p className={style.empty}>{empty}</p> : <Canvas {...props} onPoint={setPointed} />}
      {!blank && (
        <div className="unseen">
          <table>
            <caption>{title}</caption>
            <thead>
              <tr>
                <th scope="col">Hour</th>
                <th scope="col">{title}</th>
              </tr>
            </thead>
            <tbody>
              {points.map(({ hour, value }) => (
                <tr key={hour}>
                  <th scope="row">{hourWords(Date.parse(hour))}</th>
                  <td>{say(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </figure>
  );
}

function Canvas(props: ChartProps & { onPoint: (index: number | null) => void }) {
  const { points, kind } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const made = new uPlot(optionsOf(element, latest), dataOf(latest.current), element);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize(sizeOf(element)));
    resized.observe(element);
    const stop = onTheme(() => made.redraw(false));
    return () => {
      stop();
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, []);

  useEffect(() => {
    plot.current?.setData(dataOf({ points, kind }));
  }, [points, kind]);

  return <div ref={place} className={style.canvas} aria-hidden />;
}

const sizeOf = ({ clientWidth, clientHeight }: HTMLElement) => ({ width: clientWidth, height: clientHeight });

/** Each value in the middle of its hour. */
const dataOf = ({ points }: Pick<ChartProps, 'points' | 'kind'>): uPlot.AlignedData => [
  points.map(({ hour }) => Date.parse(hour) + HOUR_MS / 2),
  points.map(({ value }) => value),
];

function optionsOf(
  element: HTMLElement,
  latest: { readonly current: ChartProps & { onPoint: (index: number | null) => void } },
): uPlot.Options {
  const { kind, colour, steps, top } = latest.current;
  // Asked for at each drawing, so that a change of the theme is one.
  const of = (token: string) => () => colourOf(element, token);
  const { fontFamily } = getComputedStyle(element);
  const axis = {
    stroke: of('--quiet'),
    font: `11px ${fontFamily}`,
    ticks: { show: false },
  };
  const paths = kind === 'bars' ? uPlot.paths.bars?.({ size: [0.72, 48], radius: 0.12 }) : uPlot.paths.linear?.();
  return {
    ...sizeOf(element),
    ms: 1,
    padding: [10, 30, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { show: kind === 'line' },
    },
    scales: {
      x: { range: (_plot, from, to) => [from - HOUR_MS / 2, to + HOUR_MS / 2] },
      y: { range: (_plot, _from, to) => [0, Math.max(top, (to ?? 0) * 1.12)] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        space: 64,
        grid: { show: false },
        values: (_plot, splits) => splits.map((time) => CLOCK.format(time)),
      },
      {
        ...axis,
        size: 46,
        space: 32,
        incrs: steps,
        grid: { stroke: of('--line'), width: 1 },
        values: (_plot, splits) => splits.map((value) => latest.current.format(value)),
      },
    ],
    series: [
      {},
      {
        stroke: of(colour),
        ...(kind === 'bars' ? { fill: of(colour), width: 0, points: { show: false } } : {}),
        ...(kind === 'line'
          ? { width: 2, spanGaps: false, points: { show: true, size: 5, width: 1, fill: of(colour) } }
          : {}),
        ...(paths && { paths }),
      },
    ],
    hooks: { setCursor: [({ cursor }) => latest.current.onPoint(cursor.idx ?? null)] },
  };
}

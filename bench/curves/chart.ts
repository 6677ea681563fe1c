// A curve as a picture: SVG that is readable on light and on dark pages, with its own ground, so that it does not matter where it stands.
import * as Plot from '@observablehq/plot';
import { JSDOM } from 'jsdom';

export interface Curve {
  /** Name of the file, without its ending. */
  name: string;
  title: string;
  /** What grows, with its unit. */
  x: string;
  /** What it costs, with its unit. */
  y: string;
  points: readonly Point[];
}

export interface Point {
  series: string;
  x: number;
  y: number;
}

/** Told apart on both grounds, and by people who see no difference between red and green: contrast is at least 3 to each. */
const COLOURS = ['#2f81d0', '#c2640f', '#6f8f2f'];
const STYLE = `
  svg { color: #1f2328; background: #ffffff; --plot-background: #ffffff; }
  @media (prefers-color-scheme: dark) { svg { color: #e6edf3; background: #0d1117; --plot-background: #0d1117; } }
`;
const WIDTH = 720;
const HEIGHT = 360;

export function draw({ title, x, y, points }: Curve): string {
  const { document } = new JSDOM('').window;
  const names = [...new Set(points.map(({ series }) => series))];
  const last = names.map((name) => points.findLast(({ series }) => series === name) as Point);
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginTop: 56,
    marginLeft: 64,
    marginRight: 150,
    marginBottom: 48,
    style: { fontSize: '13px', background: 'none' },
    x: {
      type: 'log',
      label: x,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: [...new Set(points.map((one) => one.x))],
      tickFormat: ',',
    },
    y: { label: y, labelArrow: 'none', grid: true, zero: true, nice: true },
    color: { domain: names, range: COLOURS },
    marks: [
      Plot.ruleY([0]),
      Plot.line(points, { x: 'x', y: 'y', stroke: 'series', strokeWidth: 2 }),
      Plot.dot(points, { x: 'x', y: 'y', fill: 'series', r: 3.5 }),
      Plot.text(last, {
        x: 'x',
        y: 'y',
        text: 'series',
        dx: 10,
        textAnchor: 'start',
        fill: 'currentColor',
        lineWidth: 10,
      }),
      Plot.text([title], { frameAnchor: 'top-left', dx: -48, dy: -48, fontSize: 15, fontWeight: 600 }),
    ],
  }) as SVGSVGElement;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', title);
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = STYLE;
  svg.append(style);
  return `${svg.outerHTML}\n`;
}

/** The same as a table, for those who want the figures. */
export function tableOfCurve({ title, x, y, points }: Curve): string {
  const names = [...new Set(points.map(({ series }) => series))];
  const places = [...new Set(points.map((one) => one.x))];
  const cell = (place: number, name: string): string =>
    points.find((one) => one.x === place && one.series === name)?.y.toPrecision(3) ?? '';
  return [
    `${title}: ${y}`,
    '',
    `| ${[x, ...names].join(' | ')} |`,
    `| ${[x, ...names].map(() => '--').join(' | ')} |`,
    ...places.map(
      (place) => `| ${[place.toLocaleString('en'), ...names.map((name) => cell(place, name))].join(' | ')} |`,
    ),
  ].join('\n');
}

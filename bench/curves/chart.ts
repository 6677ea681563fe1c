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
  svg { color: #1f2328; background: #ffffff; }
  @media (prefers-color-scheme: dark) { svg { color: #e6edf3; background: #0d1117; } }
`;
const WIDTH = 720;
const HEIGHT = 360;

export function draw({ title, x, y, points }: Curve): string {
  const { document } = new JSDOM('').window;
  const names = [...new Set(points.map(({ series }) => series))];
  const corner = { frameAnchor: 'top-left', textAnchor: 'start', dx: -48, fill: 'currentColor' } as const;
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginTop: 68,
    marginLeft: 64,
    marginRight: 24,
    marginBottom: 48,
    style: { fontSize: '13px' },
    x: { type: 'log' },
    y: { label: null, grid: true, zero: true, nice: true },
    color: { domain: names, range: COLOURS },
    marks: [
      // With its texts given: a logarithmic axis leaves some of them out.
      Plot.axisX([...new Set(points.map((one) => one.x))], {
        label: x,
        labelAnchor: 'center',
        labelArrow: 'none',
        text: (value: number) => value.toLocaleString('en'),
      }),
      Plot.ruleY([0]),
      Plot.line(points, { x: 'x', y: 'y', stroke: 'series', strokeWidth: 2 }),
      Plot.dot(points, { x: 'x', y: 'y', fill: 'series', r: 3.5 }),
      Plot.text([title], { ...corner, dy: -60, fontSize: 15, fontWeight: 600 }),
      Plot.text([y], { ...corner, dy: -36 }),
      // Names stand in the corner and not at the ends of the lines, where those of equals would lie on one another.
      ...names.flatMap((name, index) => {
        const place = { frameAnchor: 'top-right', dy: index * 20 - 56 } as const;
        return [
          Plot.dot([name], { ...place, dx: -150, r: 5, fill: COLOURS[index] as string }),
          Plot.text([name], { ...place, dx: -140, dy: index * 20 - 62, textAnchor: 'start', fill: 'currentColor' }),
        ];
      }),
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

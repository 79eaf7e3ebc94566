import { scaleBand, scaleLinear } from "d3-scale";
import type { Instant } from "../domain/time.ts";
import { html, type Markup } from "../output/html.ts";
import type { EndFigures } from "./month.ts";

const WIDTH = 440;
const ROW = 26;
const LABEL = 170;
/** What a chart shows at most: the table below it has all. */
const ROWS = 20;

export interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Lying bars with their numbers; the table beside it says the same. */
export function barChart(title: string, all: readonly Bar[]): Markup {
  const bars = all.slice(0, ROWS);
  const height = bars.length * ROW;
  const y = scaleBand<number>(
    bars.map((_, index) => index),
    [0, height],
  ).padding(0.25);
  const x = scaleLinear([0, Math.max(1, ...bars.map(({ value }) => value))], [0, WIDTH - LABEL - 50]);
  const rows = bars.map(({ name, value }, index) => {
    const top = y(index) ?? 0;
    const middle = top + y.bandwidth() / 2;
    return html`<text class="label" x="${LABEL - 8}" y="${middle}">${cut(name)}</text><rect x="${LABEL}" y="${top}" width="${x(value)}" height="${y.bandwidth()}"/><text x="${LABEL + x(value) + 6}" y="${middle}">${value}</text>`;
  });
  return figure(title, height, rows);
}

/** A line for each grant from its begin to its planned end, filled up to its actual end. */
export function timeline(title: string, from: Instant, to: Instant, all: readonly EndFigures[]): Markup {
  const ends = all.slice(0, ROWS);
  const height = ends.length * ROW;
  const x = scaleLinear([from, to], [LABEL, WIDTH - 10]).clamp(true);
  const y = scaleBand<number>(
    ends.map((_, index) => index),
    [0, height],
  ).padding(0.35);
  const rows = ends.map((end, index) => {
    const top = y(index) ?? 0;
    const begin = x(end.from);
    // what lasted an hour is a hair in a month: it is drawn at least so wide that it can be seen
    const width = (until: Instant) => Math.max(3, x(until) - begin);
    return html`<text class="label" x="${LABEL - 8}" y="${top + y.bandwidth() / 2}">${cut(end.grant)}</text><rect class="planned" x="${begin}" y="${top}" width="${width(end.planned)}" height="${y.bandwidth()}"/><rect x="${begin}" y="${top}" width="${width(end.actual ?? end.planned)}" height="${y.bandwidth()}"/>`;
  });
  return figure(title, height, rows);
}

function figure(title: string, height: number, rows: readonly Markup[]): Markup {
  return html`<svg role="img" aria-label="${title}" viewBox="0 0 ${WIDTH} ${Math.max(height, 1)}"><title>${title}</title>${rows}</svg>`;
}

function cut(name: string): string {
  const characters = Array.from(name);
  return characters.length > 20 ? `${characters.slice(0, 19).join("")}…` : name;
}

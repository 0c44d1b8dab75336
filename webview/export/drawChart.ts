import { bandPath, barRects, chartGeometry, linePath, type ChartGeometry } from '../chart/geometry';
import { compact } from '../format';
import type { Figure } from './figure';

export interface ChartDrawing {
  heading: string;
  /** What the numbers across are. */
  across: string;
  values: ArrayLike<number>;
  band?: { low: ArrayLike<number>; high: ArrayLike<number> } | null;
  log?: boolean;
  bars?: boolean;
  /** What the first index stands for; 0 unless given. */
  from?: number;
}

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Draws values by index as a line or bars with both axes; returns where it ends. */
export function drawChart(figure: Figure, area: Area, chart: ChartDrawing): number {
  const top = figure.caption(area.x, area.y, chart.heading, area.width);
  const height = area.height - (top - area.y);
  const geometry = moved(
    chartGeometry({
      width: area.width,
      height,
      values: chart.values,
      band: chart.band ?? null,
      log: chart.log ?? false,
      include: chart.bars ? 0 : null,
      from: chart.from ?? 0,
      bars: chart.bars ?? false,
    }),
    area.x,
    top,
  );
  drawTicks(figure, geometry, chart.across);
  drawValues(figure, geometry, chart);
  return area.y + area.height;
}

/** The same chart elsewhere. */
function moved(geometry: ChartGeometry, dx: number, dy: number): ChartGeometry {
  return {
    left: geometry.left + dx,
    right: geometry.right + dx,
    top: geometry.top + dy,
    bottom: geometry.bottom + dy,
    x: (index) => geometry.x(index) + dx,
    y: (value) => geometry.y(value) + dy,
    xTicks: geometry.xTicks.map(({ value, at }) => ({ value, at: at + dx })),
    yTicks: geometry.yTicks.map(({ value, at }) => ({ value, at: at + dy })),
  };
}

function drawTicks({ svg, theme }: Figure, geometry: ChartGeometry, across: string): void {
  const { left, right, top, bottom, xTicks, yTicks } = geometry;
  const style = { fill: theme.muted, size: 10 };
  for (const { value, at } of yTicks) {
    svg.line(left, at, right, at, { stroke: theme.muted, opacity: 0.22 });
    svg.text(left - 5, at + 3, compact(value), { ...style, anchor: 'end' });
  }
  for (const { value, at } of xTicks)
    svg.text(at, bottom + 13, String(value), { ...style, anchor: 'middle' });
  svg.line(left, bottom, right, bottom, { stroke: theme.muted, opacity: 0.6 });
  svg.line(left, top, left, bottom, { stroke: theme.muted, opacity: 0.6 });
  svg.text(left - 5, bottom + 13, across, { ...style, anchor: 'end', style: 'italic' });
}

function drawValues(figure: Figure, geometry: ChartGeometry, chart: ChartDrawing): void {
  const { svg, theme } = figure;
  const color = theme.readBy;
  if (chart.band) svg.path(bandPath(chart.band, geometry), { fill: color, opacity: 0.22 });
  if (chart.bars)
    for (const { x, y, width, height } of barRects(chart.values, geometry))
      svg.rect(x, y, width, height, { fill: color });
  else svg.path(linePath(chart.values, geometry), { stroke: color, width: 1.5 });
}

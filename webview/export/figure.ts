import { cssColor, RAMP_STEPS, type Ramp } from '../color/ramp';
import type { WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { percentTick, signedTick } from '../format';
import { legendTicks } from '../map/legendTicks';
import { t } from '../text';
import { Svg, type Measure } from './svg';

/** Of everything that is not a token. */
const SANS = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
/** Around the picture. */
export const MARGIN = 20;
const HEADING_SIZE = 15;
const HEADING_ROOM = 30;
export const SMALL = 11;
const LEGEND = { width: 240, bar: 10, height: 30, stops: 24 };
const SOURCE_ROOM = 22;

/** A picture with a heading over it and its source under it, drawn in one theme. */
export class Figure {
  readonly svg: Svg;
  readonly theme: Theme;
  /** The room for the picture: it begins here and may be as high as it needs. */
  readonly x = MARGIN;
  readonly y = MARGIN + HEADING_ROOM;
  readonly width: number;

  /** `width`: of the picture, without its margins. */
  constructor(width: number, heading: string, theme: Theme, measure: Measure) {
    this.width = width;
    this.theme = theme;
    this.svg = new Svg(width + 2 * MARGIN, 0, SANS, measure);
    this.svg.fittedText(MARGIN, MARGIN + HEADING_SIZE, heading, width, {
      fill: theme.foreground,
      size: HEADING_SIZE,
      weight: 'bold',
    });
  }

  /** The family of tokens. */
  get mono(): string {
    return `${this.theme.font}, monospace`;
  }

  /** Colours with their values; returns where it ends. */
  legend(
    x: number,
    y: number,
    scale: WeightScale,
    options: { caption?: string; format?: (value: number) => string; ramp?: Ramp } = {},
  ): { right: number; bottom: number } {
    const { svg, theme } = this;
    const kind = scale.kind === 'log' ? t('weight, log') : t('weight, linear');
    const caption = options.caption ?? kind;
    const ramp = options.ramp ?? (scale.min === undefined ? theme.ramp : theme.diverging);
    const style = { fill: theme.muted, size: SMALL };
    svg.text(x, y + 9, caption, style);
    const left = x + svg.measure(caption, SMALL, svg.family) + 10;
    const colors = Array.from({ length: LEGEND.stops + 1 }, (_, stop) =>
      cssColor(ramp, Math.round((stop / LEGEND.stops) * (RAMP_STEPS - 1))),
    );
    svg.gradient(left, y, LEGEND.width, LEGEND.bar, colors);
    svg.rect(left, y, LEGEND.width, LEGEND.bar, { stroke: theme.line });
    const format = options.format ?? percentTick;
    const text = (value: number): string =>
      scale.min === undefined ? format(value) : signedTick(value, format);
    for (const tick of legendTicks(scale, text, LEGEND.width)) {
      const at = left + tick.at * LEGEND.width;
      const anchor = tick.end === 'first' ? 'start' : tick.end === 'last' ? 'end' : 'middle';
      svg.line(at, y + LEGEND.bar, at, y + LEGEND.bar + 3, { stroke: theme.muted });
      svg.text(at, y + LEGEND.bar + 14, tick.text, { ...style, anchor });
    }
    return { right: left + LEGEND.width, bottom: y + LEGEND.height };
  }

  /** A small heading within the picture; returns where what it is of begins. */
  caption(x: number, y: number, text: string, room: number): number {
    this.svg.fittedText(x, y + 11, text, room, {
      fill: this.theme.muted,
      size: SMALL,
      weight: 'bold',
    });
    return y + 18;
  }

  /** Ends the picture at `bottom` and names its source under it; the whole file. */
  finish(bottom: number, title: string, source: string, about: object): string {
    const { svg, theme } = this;
    svg.fittedText(MARGIN, bottom + SOURCE_ROOM, source, this.width, {
      fill: theme.muted,
      size: 10,
    });
    svg.height = Math.ceil(bottom + SOURCE_ROOM + MARGIN - 6);
    const [red, green, blue] = theme.background;
    return svg.toString(title, `${title} ${source}`, about, `rgb(${red},${green},${blue})`);
  }
}

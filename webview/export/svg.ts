/** Builds one SVG picture: text stays text, and nothing of the document can become markup. */

/** How a text looks. */
export interface TextStyle {
  fill: string;
  size?: number;
  family?: string;
  anchor?: 'start' | 'middle' | 'end';
  weight?: 'bold';
  style?: 'italic';
  /** Struck through. */
  struck?: boolean;
  /** Degrees, about the text's own place. */
  turn?: number;
  opacity?: number;
}

export interface ShapeStyle {
  fill?: string;
  stroke?: string;
  width?: number;
  dash?: readonly number[];
  opacity?: number;
}

/** Measures a text, CSS pixels. */
export type Measure = (text: string, size: number, family: string) => number;

const round = (value: number): string => String(Math.round(value * 100) / 100);

export class Svg {
  readonly width: number;
  height: number;
  readonly family: string;
  readonly measure: Measure;
  readonly #parts: string[] = [];
  readonly #definitions: string[] = [];
  #ids = 0;

  /** `family`: of texts that name none. */
  constructor(width: number, height: number, family: string, measure: Measure) {
    this.width = width;
    this.height = height;
    this.family = family;
    this.measure = measure;
  }

  rect(x: number, y: number, width: number, height: number, style: ShapeStyle): void {
    this.#parts.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(0, width))}" height="${round(Math.max(0, height))}"${shape(style)}/>`,
    );
  }

  line(x1: number, y1: number, x2: number, y2: number, style: ShapeStyle): void {
    this.#parts.push(
      `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"${shape(style)}/>`,
    );
  }

  circle(x: number, y: number, radius: number, style: ShapeStyle): void {
    this.#parts.push(
      `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}"${shape(style)}/>`,
    );
  }

  /** `data`: an SVG path of commands and numbers. */
  path(data: string, style: ShapeStyle): void {
    this.#parts.push(`<path d="${attribute(data)}"${shape({ fill: 'none', ...style })}/>`);
  }

  /** Text with its baseline at `y`. */
  text(x: number, y: number, text: string, style: TextStyle): void {
    const { size = 12, family = this.family, anchor = 'start', weight, turn } = style;
    const [fill, alpha] = paint(style.fill);
    const opacity = alpha * (style.opacity ?? 1);
    const at = turn === undefined ? '' : ` transform="rotate(${turn} ${round(x)} ${round(y)})"`;
    this.#parts.push(
      `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-family="${attribute(family)}" fill="${fill}"` +
        (anchor === 'start' ? '' : ` text-anchor="${anchor}"`) +
        (weight ? ` font-weight="${weight}"` : '') +
        (style.style ? ` font-style="${style.style}"` : '') +
        (style.struck ? ' text-decoration="line-through"' : '') +
        (opacity < 1 ? ` fill-opacity="${round(opacity)}"` : '') +
        `${at} xml:space="preserve">${content(text)}</text>`,
    );
  }

  /** The text as far as there is room for it. */
  fittedText(x: number, y: number, text: string, room: number, style: TextStyle): void {
    const { size = 12, family = this.family } = style;
    this.text(
      x,
      y,
      fitted(text, room, (part) => this.measure(part, size, family)),
      style,
    );
  }

  /** `address`: a `data:` address of a PNG. */
  image(x: number, y: number, width: number, height: number, address: string): void {
    this.#parts.push(
      `<image x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" preserveAspectRatio="none" style="image-rendering:pixelated" xlink:href="${attribute(address)}"/>`,
    );
  }

  /** A rectangle filled with colours from left to right. */
  gradient(x: number, y: number, width: number, height: number, colors: readonly string[]): void {
    const id = `g${++this.#ids}`;
    const stops = colors.map(
      (color, at) =>
        `<stop offset="${round(at / (colors.length - 1))}" stop-color="${attribute(color)}"/>`,
    );
    this.#definitions.push(`<linearGradient id="${id}">${stops.join('')}</linearGradient>`);
    this.#parts.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="url(#${id})"/>`,
    );
  }

  /** What `draw` draws is seen inside the rectangle only. */
  clipped(x: number, y: number, width: number, height: number, draw: () => void): void {
    const id = `c${++this.#ids}`;
    this.#definitions.push(
      `<clipPath id="${id}"><rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(0, width))}" height="${round(Math.max(0, height))}"/></clipPath>`,
    );
    this.#parts.push(`<g clip-path="url(#${id})">`);
    draw();
    this.#parts.push('</g>');
  }

  /** The whole file; `about` becomes its metadata. */
  toString(title: string, description: string, about: object, background: string): string {
    const size = `width="${round(this.width)}" height="${round(this.height)}" viewBox="0 0 ${round(this.width)} ${round(this.height)}"`;
    return (
      `<?xml version="1.0" encoding="UTF-8"?>\n` +
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size} role="img">\n` +
      `<title>${content(title)}</title>\n<desc>${content(description)}</desc>\n` +
      `<metadata>${content(JSON.stringify(about))}</metadata>\n` +
      (this.#definitions.length > 0 ? `<defs>${this.#definitions.join('')}</defs>\n` : '') +
      `<rect width="100%" height="100%" fill="${attribute(background)}"/>\n` +
      `${this.#parts.join('\n')}\n</svg>\n`
    );
  }
}

/** The text cut so that it fits, with an ellipsis where it was. */
export function fitted(text: string, room: number, measure: (text: string) => number): string {
  if (measure(text) <= room) return text;
  const letters = [...text];
  let [fits, tooMany] = [0, letters.length];
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (measure(`${letters.slice(0, middle).join('')}…`) <= room) fits = middle;
    else tooMany = middle;
  }
  return `${letters.slice(0, fits).join('')}…`;
}

function shape({ fill, stroke, width = 1, dash, opacity = 1 }: ShapeStyle): string {
  const [inside, insideAlpha] = paint(fill ?? 'none');
  const [around, aroundAlpha] = paint(stroke ?? 'none');
  const alpha = (value: number): number => value * opacity;
  return (
    ` fill="${inside}"` +
    (inside !== 'none' && alpha(insideAlpha) < 1
      ? ` fill-opacity="${fine(alpha(insideAlpha))}"`
      : '') +
    (stroke === undefined ? '' : ` stroke="${around}" stroke-width="${round(width)}"`) +
    (stroke !== undefined && alpha(aroundAlpha) < 1
      ? ` stroke-opacity="${fine(alpha(aroundAlpha))}"`
      : '') +
    (dash && dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '')
  );
}

const fine = (value: number): string => String(Math.round(value * 1000) / 1000);

/** A CSS colour as SVG 1.1 programs read it: opaque, and its opacity apart. */
function paint(color: string): [color: string, opacity: number] {
  const hex = /^#([0-9a-f]{6})([0-9a-f]{2})$/i.exec(color);
  if (hex) return [`#${hex[1]}`, parseInt(hex[2]!, 16) / 255];
  const parts = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)(?:[\s,/]+([\d.]+%?))?\s*\)$/.exec(
    color,
  );
  if (!parts) return [attribute(color), 1];
  const alpha = parts[4];
  const opacity =
    alpha === undefined ? 1 : alpha.endsWith('%') ? parseFloat(alpha) / 100 : Number(alpha);
  const channels = parts
    .slice(1, 4)
    .map((part) => Math.round(Number(part)).toString(16).padStart(2, '0'));
  return [`#${channels.join('')}`, opacity];
}

/** XML 1.0 has no place for control characters and halves of pairs, however they are written. */
function isInXml(point: number): boolean {
  if (point < 0x20) return point === 0x09 || point === 0x0a || point === 0x0d;
  return (point < 0xd800 || point > 0xdfff) && point !== 0xfffe && point !== 0xffff;
}

function forXml(text: string): string {
  return Array.from(text, (letter) => (isInXml(letter.codePointAt(0)!) ? letter : '\uFFFD')).join(
    '',
  );
}

/** Text between tags. */
export function content(text: string): string {
  return forXml(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attribute(text: string): string {
  return content(text).replaceAll('"', '&quot;');
}

import type { TracedText } from './tracedText';

/** `String.fromCharCode` takes its units as arguments; the stack holds this many everywhere. */
const UNITS_PER_CALL = 8192;

/** Writes a traced text unit by unit. */
export class TracedTextBuilder {
  private units: Uint16Array;
  private starts: Int32Array;
  private ends: Int32Array;
  private length = 0;

  /** @param expected how many units will probably come */
  constructor(expected: number) {
    const capacity = expected + 64;
    this.units = new Uint16Array(capacity);
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
  }

  pushUnit(unit: number, start: number, end: number): void {
    if (this.length === this.units.length) this.grow();
    this.units[this.length] = unit;
    this.starts[this.length] = start;
    this.ends[this.length++] = end;
  }

  /** Every unit of `text` came from the source's `[start, end)`. */
  pushText(text: string, start: number, end: number): void {
    for (let at = 0; at < text.length; at++) this.pushUnit(text.charCodeAt(at), start, end);
  }

  /** A stretch of another text, with its ranges. */
  pushTraced({ text, starts, ends }: TracedText, from: number, to: number): void {
    for (let at = from; at < to; at++) this.pushUnit(text.charCodeAt(at), starts[at]!, ends[at]!);
  }

  /** How many units were pushed so far. */
  get size(): number {
    return this.length;
  }

  finish(): TracedText {
    let text = '';
    for (let at = 0; at < this.length; at += UNITS_PER_CALL) {
      const chunk = this.units.subarray(at, Math.min(this.length, at + UNITS_PER_CALL));
      text += String.fromCharCode(...chunk);
    }
    return {
      text,
      starts: this.starts.subarray(0, this.length),
      ends: this.ends.subarray(0, this.length),
    };
  }

  private grow(): void {
    const capacity = this.units.length * 2;
    const units = new Uint16Array(capacity);
    const starts = new Int32Array(capacity);
    const ends = new Int32Array(capacity);
    units.set(this.units);
    starts.set(this.starts);
    ends.set(this.ends);
    this.units = units;
    this.starts = starts;
    this.ends = ends;
  }
}

import type { Encoding } from './tokenizer';

/** Collects tokens; grows as they come. */
export class EncodingBuilder {
  private data: Int32Array;
  private length = 0;
  private word = -1;

  /** @param expected how many tokens will probably come */
  constructor(expected: number) {
    this.data = new Int32Array((expected + 16) * 4);
  }

  /** What is pushed from here on belongs to the next word. */
  nextWord(): void {
    this.word++;
  }

  push(id: number, start: number, end: number): void {
    if (this.length === this.data.length) {
      const data = new Int32Array(this.data.length * 2);
      data.set(this.data);
      this.data = data;
    }
    this.data[this.length] = id;
    this.data[this.length + 1] = start;
    this.data[this.length + 2] = end;
    this.data[this.length + 3] = this.word;
    this.length += 4;
  }

  finish(): Encoding {
    return {
      ids: this.column(0),
      starts: this.column(1),
      ends: this.column(2),
      words: this.column(3),
    };
  }

  private column(offset: number): Int32Array {
    const column = new Int32Array(this.length / 4);
    for (let at = 0; at < column.length; at++) column[at] = this.data[at * 4 + offset]!;
    return column;
  }
}

const utf8 = new TextEncoder();

/**
 * Ids of the byte tokens, `<0x00>` to `<0xFF>`, that stand for text which is not in a
 * vocabulary.
 */
export class ByteTokens {
  private readonly ids: readonly (number | undefined)[];

  constructor(idOf: (token: string) => number | undefined) {
    this.ids = Array.from({ length: 256 }, (_, byte) =>
      idOf(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
    );
  }

  /** A token for each byte of the text, or null if the vocabulary lacks one of them. */
  of(text: string): number[] | null {
    const found: number[] = [];
    for (const byte of utf8.encode(text)) {
      const id = this.ids[byte];
      if (id === undefined) return null;
      found.push(id);
    }
    return found;
  }
}

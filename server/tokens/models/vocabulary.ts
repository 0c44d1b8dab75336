/** Tokens and their ids, both ways. */
export class Vocabulary {
  private readonly texts: string[] = [];
  private readonly ids = new Map<string, number>();

  constructor(entries: Readonly<Record<string, number>>) {
    for (const [text, id] of Object.entries(entries)) {
      this.ids.set(text, id);
      this.texts[id] = text;
    }
  }

  idOf(token: string): number | undefined {
    return this.ids.get(token);
  }

  textOf(id: number): string | undefined {
    return this.texts[id];
  }

  entries(): Iterable<[string, number]> {
    return this.ids;
  }

  get count(): number {
    return this.ids.size;
  }

  /** One more than the greatest id. */
  get size(): number {
    return this.texts.length;
  }
}

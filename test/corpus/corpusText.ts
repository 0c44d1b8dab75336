/** One text of the corpus; its name says what it is there for. */
export interface CorpusText {
  readonly name: string;
  readonly text: string;
}

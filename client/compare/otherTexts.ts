/** What the panel's host needs of texts beside the one it shows, without VS Code. */
import type { ComparedText, PanelComparable } from '../../webview/compare/protocol';

export interface OtherTexts {
  /** What there is beside the document with this URI. */
  list(shown: string): Promise<PanelComparable>;
  /** Where the editor has the text as a document; rejects with a sentence that says why it has not. */
  locate(text: ComparedText, shown: string): Promise<string>;
  /** Has the person choose another model. */
  chooseModel(): Promise<void>;
  /** There are others now, or the same ones read differently. */
  onDidChange(listener: () => void): { dispose(): void };
}

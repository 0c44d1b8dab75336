/** What the panel's host needs of the editor, without VS Code: the real one, or a test's. */
import type { Position, Range } from '../../server/protocol';

/** An editor that can be looked at. */
export interface EditorView {
  uri: string;
  /** For the title line. */
  name: string;
  version: number;
  cursor: Position;
  /** What is selected; null: nothing is. */
  selected?: Range | null;
}

export interface PanelEditors {
  /** The editor the person works in, or worked in last; null: none with a document. */
  current(): EditorView | null;
  /** The document as it is now, opened again when it was closed; null: it is gone. */
  open(uri: string): Promise<Pick<EditorView, 'name' | 'version'> | null>;
  /** The position at a share (0 … 1) of an open document's text. */
  positionAt(uri: string, share: number): Position;
  /** What stands at the range in that version; null when it is not the newest any more. */
  textAt(uri: string, version: number, range: Range): string | null;
  /** Lights tokens up wherever the document is visible; two nulls put them out. */
  highlight(uri: string, query: Range | null, key: Range | null): void;
  /** Scrolls to both and selects the query, without taking the focus from the panel. */
  reveal(uri: string, query: Range | null, key: Range | null): Promise<void>;
}

/** Runs the newest action of a burst once it is quiet. */
export interface Quiet {
  run(action: () => void, quietMs: number): void;
  cancel(): void;
}

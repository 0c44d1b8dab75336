/** The overlay's decoration types: a few for each direction, made once. */
import * as vscode from 'vscode';
import type { Range } from '../../server/protocol';
import { BUCKETS, type Shades } from './buckets';

export type Direction = 'reads' | 'readBy';

/** Percent of the direction's colour in the background, by bucket. */
const STRENGTH = [9, 17, 28, 42, 60];

/** Workbench variables of the colours that the manifest contributes. */
const COLOUR: Record<Direction, string> = {
  reads: 'var(--vscode-attentionLens-reads)',
  readBy: 'var(--vscode-attentionLens-readBy)',
};

export class OverlayDecorations implements vscode.Disposable {
  readonly #buckets: Record<Direction, vscode.TextEditorDecorationType[]> = {
    reads: bucketTypes('reads'),
    readBy: bucketTypes('readBy'),
  };
  readonly #outline: Record<Direction, vscode.TextEditorDecorationType> = {
    reads: outlineType('reads'),
    readBy: outlineType('readBy'),
  };

  /** Draws the shades in one direction and takes the other direction's away. */
  draw(editor: vscode.TextEditor, direction: Direction, shades: Shades): void {
    for (const each of ['reads', 'readBy'] as const) {
      const shown = each === direction;
      this.#buckets[each].forEach((type, bucket) =>
        editor.setDecorations(type, shown ? toRanges(shades.buckets[bucket] ?? []) : []),
      );
      editor.setDecorations(
        this.#outline[each],
        shown && shades.outline ? toRanges([shades.outline]) : [],
      );
    }
  }

  clear(editor: vscode.TextEditor): void {
    this.draw(editor, 'reads', { buckets: [], outline: null });
  }

  dispose(): void {
    for (const direction of ['reads', 'readBy'] as const) {
      this.#outline[direction].dispose();
      for (const type of this.#buckets[direction]) type.dispose();
    }
  }
}

/** Told apart by more than hue: what is read is filled, what reads is also underlined. */
function bucketTypes(direction: Direction): vscode.TextEditorDecorationType[] {
  return STRENGTH.slice(0, BUCKETS).map((strength) =>
    vscode.window.createTextEditorDecorationType({
      backgroundColor: tint(direction, strength),
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      ...(direction === 'readBy' && {
        borderStyle: 'dotted',
        borderWidth: '0 0 2px 0',
        borderColor: tint(direction, Math.min(100, strength + 25)),
      }),
    }),
  );
}

function outlineType(direction: Direction): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    outline: `1.5px solid ${COLOUR[direction]}`,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}

function tint(direction: Direction, percent: number): string {
  return `color-mix(in srgb, ${COLOUR[direction]} ${percent}%, transparent)`;
}

function toRanges(ranges: readonly Range[]): vscode.Range[] {
  return ranges.map(
    ({ start, end }) => new vscode.Range(start.line, start.character, end.line, end.character),
  );
}

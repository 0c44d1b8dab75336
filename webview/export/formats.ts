import type { ExportKind } from '../protocol';
import type { PanelString } from '../strings';

/** One way of exporting, as it is offered. */
export interface Format {
  kind: ExportKind;
  /** The same in every language. */
  title: string;
  detail: PanelString;
  /** A codicon's name. */
  icon: string;
}

/** In the order in which they are offered: pictures first. */
export const FORMATS: readonly Format[] = [
  { kind: 'svg', title: 'SVG', detail: 'vector picture, text as text', icon: 'file-media' },
  { kind: 'png1', title: 'PNG 1×', detail: 'picture', icon: 'file-media' },
  { kind: 'png2', title: 'PNG 2×', detail: 'picture for sharp screens', icon: 'file-media' },
  { kind: 'png3', title: 'PNG 3×', detail: 'picture for print', icon: 'file-media' },
  { kind: 'csv', title: 'CSV', detail: 'one table', icon: 'table' },
  { kind: 'npy', title: 'NPY', detail: 'one array, with a JSON beside it', icon: 'symbol-array' },
  { kind: 'npz', title: 'NPZ', detail: 'all arrays, for NumPy', icon: 'symbol-array' },
  { kind: 'json', title: 'JSON', detail: 'all numbers and names', icon: 'json' },
];

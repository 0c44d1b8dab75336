import type { Figure } from './figure';
import type { NumberTable } from './table';

/** What a view has to export, as it is when it is asked. */
export interface Exportable {
  /** What is shown, in one sentence. */
  title: string;
  /** The same, short: it stands over the picture. */
  heading: string;
  /** CSS pixels that the picture is wide. */
  width: number;
  /**
   * The numbers behind what is shown, the most telling table first; `progress` hears 0 … 1.
   * Rejects with `ChannelError` where they cannot be had.
   */
  tables(signal: AbortSignal, progress: (share: number) => void): Promise<readonly NumberTable[]>;
  /** Draws what is seen under the figure's heading, and returns where it ends, CSS pixels. */
  draw(figure: Figure, signal: AbortSignal): Promise<number>;
}

/** `notYet`: it is being fetched; null: there is nothing to see, and nothing will come by itself. */
export type MaybeExportable = Exportable | 'notYet' | null;

/** A view's element that can be exported. */
export interface ExportableView {
  exportable(): MaybeExportable;
}

export function isExportable(element: object | null | undefined): element is ExportableView {
  return !!element && 'exportable' in element && typeof element.exportable === 'function';
}

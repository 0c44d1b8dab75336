/** How much fits into one answer. */
import { MAX_ANSWER_BYTES } from '../protocol';

/** Room for the envelope and for what surrounds the numbers in an answer. */
const ENVELOPE_BYTES = 4096;

/** Base64 writes 3 bytes as 4 characters. */
const MAX_BINARY_BYTES = Math.floor((MAX_ANSWER_BYTES - ENVELOPE_BYTES) / 4) * 3;

/** Cells of a map (float32) that fit into one answer. */
export const MAX_MAP_CELLS = Math.floor(MAX_BINARY_BYTES / 4);

/** Bytes of JSON that a list may take. */
export const MAX_LIST_BYTES = MAX_ANSWER_BYTES - ENVELOPE_BYTES;

/** Thumbnails are at most this wide unless asked for larger. */
const DEFAULT_THUMBNAIL = 64;

export interface MapSize {
  rows: number;
  columns: number;
}

/** The region's own size if it fits, else the largest of about the same shape that does. */
export function fittingMapSize({ rows, columns }: MapSize, cells = MAX_MAP_CELLS): MapSize {
  if (rows * columns <= cells) return { rows, columns };
  const scale = Math.sqrt(cells / (rows * columns));
  const fitted = Math.min(rows, cells, Math.max(1, Math.floor(rows * scale)));
  return { rows: fitted, columns: Math.min(columns, Math.floor(cells / fitted)) };
}

/** The largest edge of square thumbnails, one a head, that fits into one answer. */
export function largestThumbnail(heads: number): number {
  // Each head also has its scale: a float32.
  return Math.max(1, Math.floor(Math.sqrt(MAX_BINARY_BYTES / heads - 8)));
}

/** The edge of thumbnails when nobody asks for one. */
export function defaultThumbnail(heads: number, tokens: number): number {
  return Math.max(1, Math.min(DEFAULT_THUMBNAIL, largestThumbnail(heads), tokens));
}

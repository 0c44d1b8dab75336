/**
 * The panel's channel. The extension host owns what is looked at (document,
 * selection, cursor) and sends complete snapshots; the panel asks for pictures
 * and draws them. Nothing here depends on a hidden panel keeping its memory.
 */
import type { Side } from '../channel/channel';
import type { Range, Reading, Selection, Status, WindowInfo } from '../server/protocol';

/** What the panel is looking at. A new `generation` means: ask again. */
export interface PanelDocument {
  uri: string;
  /** For the title line. */
  name: string;
  version: number;
}

/**
 * What the host reads of what the page keeps with `setState` and hands back in
 * `hello`, so that the same place is shown after a reload of the window. The
 * page keeps more beside it.
 */
export interface PanelSaved {
  /** URI of the document that was shown. */
  document: string | null;
  /** Index of the window that was shown. */
  window: number | null;
}

/**
 * A request for another generation than the newest, or whose document changed
 * meanwhile, fails with this reason; the page then keeps its (dimmed) picture
 * until the next `state`. A request that was given up fails with `cancelled`.
 */
export const STALE = 'stale';

export interface PanelState {
  generation: number;
  status: Status | null;
  /** null: nothing open that can be analysed. */
  document: PanelDocument | null;
  selection: Selection;
  /** The document was edited and the answer for the new text is not there yet. */
  stale: boolean;
  /** Analysis of the window looked at: 0 … 1, null when none runs. */
  progress: number | null;
  /** One clear sentence when the picture cannot be had, with what the person can do. */
  problem: { message: string; action?: 'restart' } | null;
}

/** Everything the panel must know about the window's tokens. */
export interface PanelTokens {
  generation: number;
  version: number;
  window: WindowInfo;
  texts: string[];
  ranges: (Range | null)[];
  special: number[];
}

export interface PanelRegion {
  generation: number;
  rows: number;
  columns: number;
  /** float32 [row, column] */
  values: Float32Array;
}

export interface PanelOverview {
  generation: number;
  layers: number;
  heads: number;
  size: number;
  /** uint8 [layer, head, row, column] */
  thumbnails: Uint8Array;
  /** float32 [layer, head] */
  scales: Float32Array;
}

export interface PanelRow {
  generation: number;
  token: number;
  /** float32 [token] */
  weights: Float32Array;
  sink: { tokens: number[]; share: number } | null;
  entropy: number;
}

/** What the extension host answers and announces. */
export interface HostSide extends Side {
  methods: {
    /**
     * The first call of a page that has just been (re)loaded. `saved` is what
     * `getState` gave (checked by the host against {@link PanelSaved});
     * `strings` maps English texts to the person's language, empty for English.
     */
    hello: {
      params: { saved: unknown };
      result: { state: PanelState; strings: { [key: string]: string } };
    };
    tokens: { params: { generation: number }; result: PanelTokens };
    overview: {
      params: { generation: number; reading: Reading; size: number };
      result: PanelOverview;
    };
    region: {
      params: {
        generation: number;
        selection: Selection;
        queries: [start: number, end: number];
        keys: [start: number, end: number];
        rows: number;
        columns: number;
        pool: 'max' | 'mean';
      };
      result: PanelRegion;
    };
    row: {
      params: {
        generation: number;
        selection: Selection;
        token: number;
        direction: 'reads' | 'readBy';
      };
      result: PanelRow;
    };
    setSelection: { params: Selection; result: void };
    /** Shows the window with this index (documents longer than the model's context). */
    showWindow: { params: { index: number }; result: void };
    /** Lights tokens up in the editor; null puts them out. */
    highlight: { params: { query: Range | null; key: Range | null } | null; result: void };
    /** Scrolls the editor to both tokens and selects the query. */
    reveal: { params: { query: Range | null; key: Range | null }; result: void };
    cancel: { params: Record<string, never>; result: void };
    restartEngine: { params: Record<string, never>; result: void };
  };
  events: {
    state: PanelState;
    /** The editor's cursor stands on this token of the window shown; null: on none. */
    cursor: { generation: number; token: number | null };
  };
}

/** What the panel announces; it is never asked. */
export interface PanelSide extends Side {
  methods: Record<never, never>;
  events: Record<never, never>;
}

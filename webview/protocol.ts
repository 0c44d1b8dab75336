/**
 * The panel's channel. The extension host owns what is looked at (document,
 * selection, cursor) and sends complete snapshots; the panel asks for pictures
 * and draws them. Nothing here depends on a hidden panel keeping its memory.
 */
import type { Side } from '../channel/channel';
import type { CompareMethods } from './compare/protocol';
import type { CompareSource } from './compare/sources';
import type { PairMethods } from './pair/protocol';
import type { ChapterSettings } from '../server/chapter/controls';
import type {
  BiasByDistance,
  DocumentMapResult,
  EncodingChange,
  ErratumText,
  ExplainResult,
  LayerScheme,
  Model,
  PositionFormula,
  PositionShareResult,
  Range,
  Reading,
  Selection,
  StagePair,
  StageTensor,
  StatisticsResult,
  Status,
  WindowInfo,
} from '../server/protocol';

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
  /** The selection of a panel that is locked to its document; null: it follows the editor. */
  own: Selection | null;
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
  /** Its `encoding` is what position is changed to; null: as trained. */
  selection: Selection;
  /** The panel stays with its document, and the selection is its own. */
  locked: boolean;
  /** The Chapter model's controls; null while another model is in use. */
  chapter: ChapterSettings | null;
  /** The document was edited and the answer for the new text is not there yet. */
  stale: boolean;
  /** Analysis of the window looked at: 0 … 1, null when none runs. */
  progress: number | null;
  /** One clear sentence when the picture cannot be had, with what the person can do. */
  problem: { message: string; action?: 'restart' } | null;
  /** Where the numbers come from a file; absent where they are computed. */
  bundle?: PanelBundle;
}

/** A bundle that is shown: what is in it, and whether this machine gives the same numbers. */
export interface PanelBundle {
  /** One sentence. */
  about: string;
  check: {
    /** `open`: it could not be checked. */
    state: 'running' | 'same' | 'different' | 'open';
    /** One sentence. */
    message: string;
    /** 0 … 1 while it runs. */
    progress: number | null;
  };
}

/** A pair of tokens of the window. */
export interface PanelPair {
  query: number;
  key: number;
}

/** Everything the panel must know about the window's tokens. */
export interface PanelTokens {
  generation: number;
  version: number;
  /** What reads this document: the model in use, or for a document of numbers its own. */
  model: Model;
  window: WindowInfo;
  texts: string[];
  ranges: (Range | null)[];
  special: number[];
  /** The same with the pieces of a word as one; what is asked for by words counts these. */
  words: {
    /** [token] → index of its word. */
    of: number[];
    texts: string[];
    ranges: (Range | null)[];
    special: number[];
  };
  /** A document of numbers: its own entries say how it is read, not the Chapter model's controls. */
  numbers: boolean;
}

/** What stands in the document from the start of the window's range to its end. */
export interface PanelText {
  generation: number;
  text: string;
}

export interface PanelRegion {
  generation: number;
  rows: number;
  columns: number;
  /** float32 [row, column] */
  values: Float32Array;
}

/** The whole document, as the public protocol's `DocumentMapResult` says it. */
export interface PanelDocumentMap {
  generation: number;
  tokens: number;
  size: number;
  width: number;
  /** float32 [cell, offset] */
  values: Float32Array;
  /** uint8 [cell], 255 is all of it */
  analysed: Uint8Array;
  windows: DocumentMapResult['windows'];
  pending: number;
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

/** What each head does, in numbers; docs/protocol.md says what each name is. */
export interface PanelStatistics {
  generation: number;
  layers: number;
  heads: number;
  /** float32 [layer, head], of the raw reading; NaN where no token has the statistic. */
  statistics: { [name: string]: Float32Array };
  /** Tokens whose rows each rests on. */
  counted: { [name: string]: number };
  /** What attention that is spread evenly would have. */
  even: { [name: string]: number | null };
  /** Of the whole file: what is in it by now; null for the window shown. */
  coverage: StatisticsResult['coverage'];
}

export interface PanelRow {
  generation: number;
  token: number;
  /** float32 [token], or [word] where the selection merges words; the sink counts the same. */
  weights: Float32Array;
  sink: { tokens: number[]; share: number } | null;
  entropy: number;
}

/** The encoding of the window's tokens, as the public protocol's `PositionResult` says it. */
export interface PanelPosition {
  generation: number;
  /** Of `layer`. */
  scheme: LayerScheme;
  layer: number;
  /** Tokens of the window, half-open: the rows of the matrix. */
  positions: [start: number, end: number];
  /** Tokens of the window. */
  total: number;
  /** The position each row's token has. */
  positionIds: number[];
  dimensions: number;
  /** float32 [position, dimension] */
  matrix: Float32Array | null;
  /** float32 [distance] each, from distance 0 on */
  similarity: {
    distances: number;
    mean: Float32Array;
    spread: Float32Array;
    smallest: Float32Array;
    largest: Float32Array;
  } | null;
  /** float32 [dimension] */
  wavelengths: Float32Array | null;
  /** float32 [dimension], radians, of the token asked for */
  angles: Float32Array | null;
  /** What RoPE's sines and cosines are multiplied by. */
  attentionFactor: number | null;
  /** float32 [head] */
  slopes: Float32Array | null;
  /** What the layer adds to scores by distance; `values` are float32 [head, distance]. */
  bias: (Omit<BiasByDistance, 'values'> & { values: Float32Array }) | null;
  formula: PositionFormula | null;
  /** The token asked for, and the position it has. */
  token: number | null;
  tokenPosition: number | null;
}

export interface PanelPositionEffect {
  generation: number;
  layers: number;
  heads: number;
  /** float32 [layer, head], 0 … 1 */
  totalVariation: Float32Array;
}

export type PanelPositionShare = Omit<PositionShareResult, 'version' | 'window' | 'model'> & {
  generation: number;
};

/** One weight of one head and how it comes about, as the public protocol's `ExplainResult` says it. */
export type PanelExplanation = Omit<
  ExplainResult,
  'version' | 'window' | 'model' | 'query' | 'key' | 'additive' | 'products' | 'heads' | 'position'
> & {
  generation: number;
  /** float32 [dimension] */
  query: Float32Array;
  key: Float32Array;
  additive: Float32Array | null;
  products: Float32Array;
  /** float32 [layer, head] */
  heads: Float32Array;
  /** RoPE: float32 [dimension], the vectors before they were turned; null where nothing turns them. */
  before: { query: Float32Array; key: Float32Array } | null;
  /** Null where it has no closed form, and where position is changed. */
  estimate: NonNullable<ExplainResult['position']>['estimate'] | null;
};

export interface PanelStage {
  stage: string;
  title: string;
  /** `values` are float32, row-major, of `sliceShape`. */
  tensors: (Omit<StageTensor, 'values'> & { values: Float32Array })[];
}

export interface PanelStages {
  generation: number;
  settings: ChapterSettings;
  token: number;
  stages: PanelStage[];
  pair: {
    key: number;
    /** `contribution` is float32 [headSize]. */
    heads: (Omit<StagePair, 'contribution'> & { contribution: Float32Array })[];
  } | null;
  notes: string[];
}

/** The panel's views by their ids, in the order of the toolbar. */
export const PANEL_VIEWS = [
  'overview',
  'head',
  'lines',
  'text',
  'explain',
  'position',
  'laboratory',
  'compare',
  'chapter',
] as const;
export type PanelView = (typeof PANEL_VIEWS)[number];

/** The views that need nothing but weights, which is what a bundle holds. */
export const BUNDLE_VIEWS = ['overview', 'head', 'lines', 'text'] as const satisfies PanelView[];

/** A view to be shown, and a page within it; other names are passed over. */
export interface PanelPlace {
  view: PanelView;
  page?: 'pipeline' | 'errata';
  /** Whether heads are to be looked for. */
  findHeads?: boolean;
  /** What the document is compared with, in place of what was. */
  compareWith?: CompareSource;
}

/** What a view can be exported as; PNG in one, two or three pixels to a CSS pixel. */
export const EXPORT_KINDS = ['svg', 'png1', 'png2', 'png3', 'csv', 'npy', 'npz', 'json'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

/** A file, complete; `name` is without its extension, which is that of `kind`. */
export interface ExportFile {
  kind: 'svg' | 'png' | 'csv' | 'npy' | 'npz' | 'json';
  name: string;
  bytes: Uint8Array;
  /** Goes beside it, under the same name with another extension. */
  beside?: { extension: string; bytes: Uint8Array };
}

/** What the extension host answers and announces. */
export interface HostSide extends Side {
  methods: CompareMethods &
    PairMethods & {
      /**
       * The first call of a page that has just been (re)loaded. `saved` is what
       * `getState` gave (checked by the host against {@link PanelSaved});
       * `strings` maps English texts to the person's language, empty for English. `place` is where
       * a page that has kept nothing begins.
       */
      hello: {
        params: { saved: unknown };
        result: {
          state: PanelState;
          strings: { [key: string]: string };
          place?: { saved: unknown; chosen: PanelPair | null };
        };
      };
      tokens: { params: { generation: number }; result: PanelTokens };
      /** The text of the window whose tokens were asked for last. */
      text: { params: { generation: number }; result: PanelText };
      overview: {
        params: {
          generation: number;
          reading: Reading;
          encoding: EncodingChange | null;
          size: number;
        };
        result: PanelOverview;
      };
      /** Takes longer than the pictures, and is asked for after them. */
      statistics: {
        params: {
          generation: number;
          encoding: EncodingChange | null;
          /** The window shown, or the whole file. */
          scope: 'window' | 'document';
          /** Milliseconds to work for the answer; null: as long as it takes. */
          within: number | null;
          /** Whether idle work shall go on with it. */
          fill: boolean;
        };
        result: PanelStatistics;
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
          /** One token, or all that share a character with a range as one query. */
          token?: number;
          queryRange?: Range;
          direction: 'reads' | 'readBy';
        };
        result: PanelRow;
      };
      /** The whole document as far as it is analysed; nothing is analysed for it. */
      documentMap: {
        params: {
          generation: number;
          selection: Selection;
          size: number;
          within: number;
          fill: boolean;
        };
        result: PanelDocumentMap;
      };
      /** Has the panel stay with its document and keep a selection of its own, or follow the editor. */
      setLocked: { params: { locked: boolean }; result: void };
      /** The whole selection: what position is changed to (`encoding`) is part of it. */
      setSelection: { params: Selection; result: void };
      /** What shall change of the Chapter model's controls; the selection stays as it is. */
      setChapter: { params: Partial<ChapterSettings>; result: void };
      /** Opens the editor's list of models. */
      chooseModel: { params: Record<string, never>; result: void };
      /** Takes another model into use, by its id (`chapter`, `bundled` …). */
      selectModel: { params: { model: string }; result: void };
      position: {
        params: {
          generation: number;
          /** Whose formula and angles are wanted; null: of none. */
          token: number | null;
          /** Whose encoding, where layers have their own. */
          layer: number;
          encoding: EncodingChange | null;
          positions?: [start: number, end: number];
          scale?: number;
          scaleVariant?: ChapterSettings['scaleVariant'];
          dimension?: number;
        };
        result: PanelPosition;
      };
      /** How far each head's weights move, as trained against `encoding`. */
      positionEffect: {
        params: { generation: number; encoding: EncodingChange };
        result: PanelPositionEffect;
      };
      /** One weight of one head, number by number, in the raw reading. */
      explain: {
        params: {
          generation: number;
          layer: number;
          head: number;
          query: number;
          key: number;
          encoding: EncodingChange | null;
        };
        result: PanelExplanation;
      };
      /** How much of one weight comes from position alone; of the model as trained. */
      positionShare: {
        params: { generation: number; layer: number; head: number; query: number; key: number };
        result: PanelPositionShare;
      };
      /** The Chapter model's tensors for a token and, with `key`, for a pair. */
      stages: {
        params: {
          generation: number;
          token: number;
          key: number | null;
          encoding: EncodingChange | null;
        };
        result: PanelStages;
      };
      /** In the person's language. */
      errata: { params: Record<string, never>; result: { errata: ErratumText[] } };
      /**
       * Asks the person where to and writes the bytes there as they are; nothing is overwritten
       * unasked. `saved` is false when the person gave up.
       */
      saveFile: { params: ExportFile; result: { saved: boolean } };
      /**
       * Puts the window with all its numbers into a bundle, at a place that the person is asked for;
       * `saved` of the parameters is what the page keeps. The answer is as that of `saveFile`.
       */
      saveBundle: {
        params: { generation: number; saved: unknown; chosen: PanelPair | null };
        result: { saved: boolean };
      };
      /** Has the person choose one of several things; null when they gave up. */
      choose: {
        params: { title: string; items: { label: string; description: string; detail: string }[] };
        result: { index: number | null };
      };
      /** Puts a token's row into the clipboard, as a Markdown table. */
      copyRow: {
        params: { generation: number; selection: Selection; token: number };
        result: void;
      };
      /** Shows the window with this index (documents longer than the model's context). */
      showWindow: { params: { index: number }; result: void };
      /** Lights tokens up in the editor; null puts them out. */
      highlight: { params: { query: Range | null; key: Range | null } | null; result: void };
      /** Tells which view is shown, to write links to it. */
      viewShown: { params: { view: string }; result: void };
      /** Scrolls the editor to both tokens and selects the query. */
      reveal: { params: { query: Range | null; key: Range | null }; result: void };
      cancel: { params: Record<string, never>; result: void };
      restartEngine: { params: Record<string, never>; result: void };
    };
  events: {
    state: PanelState;
    /**
     * The editor's cursor stands on this token of the window shown (null: on none), and these are
     * selected, half-open (null: fewer than two).
     */
    cursor: {
      generation: number;
      token: number | null;
      selected: [start: number, end: number] | null;
    };
    /** These tokens of the window shown are pinned in the editor. */
    pinned: { generation: number; tokens: number[] };
    /** Other texts than the one shown are open now, or read differently. */
    texts: Record<string, never>;
    /** A command of the editor wants this view; sent after the answer to `hello`. */
    show: PanelPlace;
    /** A command wants the view exported, or all as a bundle; sent after the answer to `hello`. */
    export: { kind: ExportKind | 'bundle' };
  };
}

/** What the panel announces; it is never asked. */
export interface PanelSide extends Side {
  methods: Record<never, never>;
  events: Record<never, never>;
}

/** What the view of two texts or readings beside each other asks of the extension host. */
import type { AlignmentKeys } from '../../server/analysis/alignment';
import type { EncodingChange, Selection } from '../../server/protocol';
import type { PanelPositionEffect, PanelRegion, PanelTokens } from '../protocol';

/** Whose text is read: that which the panel shows, or another. */
export type ComparedText = { kind: 'shown' | 'saved' | 'head' } | { kind: 'document'; uri: string };

/** What there is to compare with beside the text that is shown. */
export interface PanelComparable {
  /** Open documents other than the one shown. */
  documents: { uri: string; name: string }[];
  /** Why there is none, one sentence; null: there is one. */
  saved: string | null;
  head: string | null;
}

/** The tokens of a window of any of the texts. */
export interface PanelComparedTokens extends PanelTokens {
  /** Of the document that the tokens stand in. */
  uri: string;
  /** [token]: the same key is the same token, whichever of the texts it stands in. */
  keys: AlignmentKeys;
}

/** One side, for the question how far heads are apart. */
export interface PanelComparedSide {
  text: ComparedText;
  encoding: EncodingChange | null;
}

export type CompareMethods = {
  comparable: { params: { generation: number }; result: PanelComparable };
  comparedTokens: {
    params: { generation: number; text: ComparedText };
    result: PanelComparedTokens;
  };
  /** A rectangle of a text's map, each weight by itself. */
  comparedRegion: {
    params: {
      generation: number;
      text: ComparedText;
      /** Of the tokens; another version is refused as stale. */
      version: number;
      selection: Selection;
      queries: [start: number, end: number];
      keys: [start: number, end: number];
    };
    result: PanelRegion;
  };
  /** Has the person choose another model. */
  chooseModel: { params: Record<string, never>; result: void };
  /** How far each head's rows are apart, over the tokens that both sides have. */
  comparedHeads: {
    params: { generation: number; sides: [PanelComparedSide, PanelComparedSide] };
    result: PanelPositionEffect;
  };
};

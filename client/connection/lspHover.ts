import type { Range } from '../../server/protocol';

/** LSP's hover, as our server answers it: one Markdown or plain text. */
export interface LspHover {
  contents: { kind: 'markdown' | 'plaintext'; value: string };
  range?: Range;
}

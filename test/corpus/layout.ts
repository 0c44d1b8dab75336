import type { CorpusText } from './corpusText';

/** Line ends, indentation, marks at the start, and special tokens spelled out. */
export const layout: CorpusText[] = [
  { name: 'lines: LF', text: 'one\ntwo\n\nthree\n' },
  { name: 'lines: CRLF', text: 'one\r\ntwo\r\n\r\nthree\r\n' },
  { name: 'lines: lone CR', text: 'one\rtwo\r\rthree\r' },
  { name: 'lines: mixed', text: 'one\r\ntwo\rthree\nfour\n\rfive\r\r\nsix\u2028seven\u2029eight\u0085nine\u000bten\u000celeven' },
  { name: 'lines: words broken', text: 'atten\ntion atten\r\ntion atten-\ntion' },
  { name: 'lines: CRLF code', text: 'if (x) {\r\n\treturn "ä";\r\n}\r\n' },
  { name: 'lines: only ends', text: '\r\n\r\n\n\r' },
  { name: 'tabs: indentation', text: '\ta\n\t\tb\n \t c\td\t\te' },
  { name: 'tabs: aligned table', text: 'name\tvalue\tunit\nx\t1.5\tµm\ny\t—\t°' },
  { name: 'BOM: at the start', text: '\ufeffusing System;\r\n' },
  { name: 'BOM: inside', text: 'a\ufeffb \ufeff c\ufeff' },
  { name: 'BOM: only', text: '\ufeff' },
  { name: 'special: [CLS] in the text', text: 'The token [CLS] stands first.' },
  { name: 'special: every one', text: '[PAD] [UNK] [CLS] [SEP] [MASK]' },
  { name: 'special: glued', text: 'a[CLS]b[SEP][SEP]c[MASK]d.[PAD]' },
  { name: 'special: only', text: '[CLS]' },
  { name: 'special: other case and broken', text: '[cls] [Cls] [CLS [ CLS ] CLS] [[CLS]] [MASK[MASK]] \\[SEP\\]' },
  { name: 'special: across a line end', text: '[CL\nS] [MA\u00adSK] [\u200bCLS] [CLS\u0301]' },
  { name: 'special: next to wide characters', text: '中[MASK]文 🙂[SEP]🙂 e\u0301[CLS]\u0301e \ud800[UNK]\udc00' },
  { name: 'special: from other vocabularies', text: '<s> </s> <unk> <mask> <|endoftext|> [unused0] [unused99] ##ing ##s # # #' },
  { name: 'special: in prose', text: 'BERT reads “[CLS] the [MASK] sat [SEP]” and fills the [MASK].' },
  { name: 'wordpiece: continuation written out', text: '##ing play##ing play ##ing ## ##' },
];

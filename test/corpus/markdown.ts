import type { CorpusText } from './corpusText';

/** Markdown and other markup that people write by hand. */
export const markdown: CorpusText[] = [
  { name: 'Markdown: headings and lists', text: '# Attention, briefly\n\n1. **Query** – what a token asks\n2. *Key* – what it offers\n   - nested `code` and ~~struck~~\n   - [link](https://example.org "title") ![image](./a%20b.png)\n\n> Quoted\n> > twice\n\n---\n' },
  { name: 'Markdown: fenced code', text: 'Before\n\n```ts\nconst a = `x${1}`;\n```\n\n~~~\nplain ``` fence\n~~~\n\nAfter `` a`b `` .\n' },
  { name: 'Markdown: table', text: '| head | layer | weight |\n|:-----|:-----:|-------:|\n| 0 | 1 | 0.25 |\n| `1` | **2** | ½ \\| ¼ |\n' },
  { name: 'Markdown: footnotes and tasks', text: '- [x] done[^1]\n- [ ] not done :tada: @name #42 \\*escaped\\*\n\n[^1]: A *footnote*.\n[ref]: <https://example.org/a_(b)>\n' },
  { name: 'Markdown: mathematics', text: 'Inline $a_i = \\frac{e^{s_i}}{\\sum_j e^{s_j}}$ and\n\n$$\n\\nabla_\\theta \\mathcal{L} = \\mathbb{E}[\\,x\\,]\n$$\n' },
  { name: 'Markdown: front matter', text: '---\ntitle: "Überblick: 注意力"\ndate: 2030-01-31\ntags: [a, b]\n---\n\n## 第一章\n\n正文 **粗体** 和 `代码`。\n' },
  { name: 'Markdown: HTML inside', text: '<details><summary>More</summary>\n\n* a\n* b &lt;c&gt;\n\n</details>\n<!-- hidden -->\nLine break  \nnext\\\nnext\n' },
  { name: 'Markdown: references and emoji', text: 'See [§ 3][s3] 👉 **now** ⚠️ *soon* ✅ ~~never~~ ❌ — 1️⃣ 2️⃣ #️⃣\n\n[s3]: #s-3\n' },
  { name: 'reStructuredText', text: 'Title\n=====\n\n.. note:: Use ``softmax``.\n\n:math:`x^2` and |sub|_ `link <https://example.org>`__\n' },
  { name: 'Org and AsciiDoc', text: '* TODO [#A] Write :tag:\n  SCHEDULED: <2030-05-01 Wed>\n#+BEGIN_SRC sh\nls\n#+END_SRC\n\n== Section\n[source,rust]\n----\nfn main() {}\n----\n' },
  { name: 'E-mail', text: 'From: "Zoë O’Neil" <zoe@example.org>\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\n\nHi,\n\n> On Mon, 3 Feb, X wrote:\n>> ok :-) ^_^ ¯\\_(ツ)_/¯ (╯°□°)╯︵ ┻━┻\n\n-- \nZ.\n' },
  { name: 'Comma-separated values', text: 'id,name,"note, quoted"\n1,"Müller, Å.",""""\n2,王小明,"line\nbreak"\n3;x;1.234,56\n' },
  { name: 'Subtitles', text: '1\n00:00:01,000 --> 00:00:03,500\n<i>Where are you?</i>\n\n2\n00:00:04,000 --> 00:00:05,000\n- 我在这里。\n- ♪ la la ♫\n' },
  { name: 'Box drawing', text: '┌────┬────┐\n│ a  │ b  │\n├────┼────┤\n│ ▁▂▃▄▅▆▇█ │ ░▒▓ │\n└────┴────┘\n' },
];

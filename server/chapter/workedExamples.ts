/** The chapter's three worked examples as documents of numbers that a reader can open and change. */

export interface WorkedExample {
  /** Of the chapter. */
  section: '4.1.5' | '4.2.4' | '4.3.3';
  fileName: string;
  /** The document's text, as numberDocument.ts reads it. */
  text: string;
}

export const WORKED_EXAMPLES: readonly WorkedExample[] = [
  {
    section: '4.1.5',
    fileName: 'chapter-4.1.5-attention.csv',
    text: `---
# Five queries, keys and values. They are single numbers, so d_k is 1;
# the chapter takes 5, the number of tokens: try it.
queries: 1, 2, 3, 4, 5
keys: 6, 7, 8, 9, 10
values: 11, 12, 13, 14, 15
d_k: 1
---
1, 2, 3, 4, 5
`,
  },
  {
    section: '4.2.4',
    fileName: 'chapter-4.2.4-scale-factor.csv',
    text: `---
# Each number stands in four places, and gets the scaled encoding of its position:
# [sin(10 * PE), cos(10 * PE)], where PE is two places wide.
width: 4
encoding: sinusoidal
scale: 10
scale variant: chapter
---
1, 2, 3, 4, 5
`,
  },
  {
    section: '4.3.3',
    fileName: 'chapter-4.3.3-integration.csv',
    text: `---
# Input_new = input + encoding is query, key and value; try the three wirings:
# formula, words, diagram.
encoding: 0.1, 0.2, 0.3, 0.4, 0.5
wiring: formula
---
1, 2, 3, 4, 5
`,
  },
];

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The grapheme clusters of a text (UAX 29), in order. */
export function* graphemesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const end = foreignEnd(text, at);
    if (end > at) {
      for (const { segment } of segmenter.segment(text.slice(at, end))) yield segment;
      at = end;
    } else {
      const width = text.charCodeAt(at) === 0x0d && text.charCodeAt(at + 1) === 0x0a ? 2 : 1;
      yield text.slice(at, at + width);
      at += width;
    }
  }
}

/**
 * The end of the stretch at `start` in which clusters can be longer than a character:
 * ASCII stands alone but for its neighbours from elsewhere, and the line end CR LF.
 */
function foreignEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && (!isAscii(text, end) || !isAscii(text, end + 1))) end++;
  if (end === start || end === text.length) return end;
  return end + (text.startsWith('\r\n', end) ? 2 : 1);
}

function isAscii(text: string, at: number): boolean {
  return at >= text.length || text.charCodeAt(at) < 0x80;
}

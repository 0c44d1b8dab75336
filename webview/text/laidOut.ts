/** Where a run of text stands, CSS pixels from `origin`: one piece for each line that it goes over. */
export function laidOutPieces(
  span: HTMLElement,
  origin: { left: number; top: number },
): { text: string; x: number; y: number; width: number; height: number; leftward: boolean }[] {
  const node = span.firstChild;
  if (!(node instanceof Text)) return [];
  const boxes = [...span.getClientRects()];
  const texts = boxes.length < 2 ? [node.data] : textsByLine(node, boxes);
  const leftward = isLeftward(node.data);
  return boxes.map(({ x, y, width, height }, at) => ({
    text: texts[at] ?? '',
    x: x - origin.left,
    y: y - origin.top,
    width,
    height,
    leftward,
  }));
}

/** A run that is broken over lines: each letter belongs to the box that it stands in. */
function textsByLine(node: Text, boxes: readonly DOMRect[]): string[] {
  const texts = boxes.map(() => '');
  const range = document.createRange();
  let at = 0;
  let line = 0;
  for (const letter of node.data) {
    range.setStart(node, at);
    range.setEnd(node, at + letter.length);
    const [place] = range.getClientRects();
    const middle = place ? place.y + place.height / 2 : null;
    const found =
      middle === null
        ? -1
        : boxes.findIndex(({ top, bottom }) => middle >= top && middle <= bottom);
    if (found >= 0) line = found;
    texts[line] += letter;
    at += letter.length;
  }
  return texts;
}

/** Whether the first letter with a direction is of Hebrew, Arabic, or another script that runs to the left. */
function isLeftward(text: string): boolean {
  const [letter] = /\p{L}/u.exec(text) ?? [];
  return letter !== undefined && /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF]/.test(letter);
}

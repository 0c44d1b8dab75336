import { contains, intersection, union, type CodePointRanges } from './codePointRanges';
import { isNullable, type RegexNode } from './syntaxTree';

const SPACE = 0x20;
/** ASCII that can be seen. */
const VISIBLE: CodePointRanges = [0x21, 0x7f];
const NONE: CodePointRanges = [];

/** The characters with which a match of it can begin. */
export function firstOf(node: RegexNode): CodePointRanges {
  return edgeOf(node, (parts) => parts);
}

function lastOf(node: RegexNode): CodePointRanges {
  return edgeOf(node, (parts) => [...parts].reverse());
}

function edgeOf(
  node: RegexNode,
  fromEdge: (parts: readonly RegexNode[]) => readonly RegexNode[],
): CodePointRanges {
  switch (node.kind) {
    case 'character':
      return node.set;
    case 'choice':
      return union(...node.options.map((option) => edgeOf(option, fromEdge)));
    case 'repeat':
    case 'atomic':
      return edgeOf(node.body, fromEdge);
    case 'sequence': {
      const sets: CodePointRanges[] = [];
      for (const part of fromEdge(node.parts)) {
        sets.push(edgeOf(part, fromEdge));
        if (!isNullable(part)) break;
      }
      return union(...sets);
    }
    default:
      return NONE;
  }
}

/**
 * Whether a text may be cut between a visible character of ASCII and a space, and
 * the matches in both parts are still those of the whole: no match reaches over such
 * a place, and nothing in the pattern looks over it and could tell the difference.
 */
export function isCutBeforeSpace(node: RegexNode): boolean {
  return !crosses(node) && looksHarmlessly(node) && !isNullable(node);
}

/** Whether a space alone is a match, whatever follows it. */
export function matchesAnySpace(node: RegexNode): boolean {
  if (node.kind === 'choice') return node.options.some(matchesAnySpace);
  if (node.kind === 'repeat') {
    return node.min <= 1 && node.max >= 1 && matchesAnySpace(node.body);
  }
  return node.kind === 'character' && contains(node.set, SPACE);
}

/** Whether a match can end with a visible character of ASCII. */
export function endsVisibly(node: RegexNode): boolean {
  return intersection(lastOf(node), VISIBLE).length > 0;
}

/** Whether a match can start with a space. */
export function startsWithSpace(node: RegexNode): boolean {
  return contains(firstOf(node), SPACE);
}

function crosses(node: RegexNode): boolean {
  switch (node.kind) {
    case 'choice':
      return node.options.some(crosses);
    case 'atomic':
      return crosses(node.body);
    case 'repeat':
      return crosses(node.body) || (node.max > 1 && meet(lastOf(node.body), firstOf(node.body)));
    case 'sequence':
      return node.parts.some(
        (part, index) =>
          crosses(part) ||
          meet(lastOf(part), firstOf({ kind: 'sequence', parts: node.parts.slice(index + 1) })),
      );
    default:
      return false;
  }
}

function meet(last: CodePointRanges, first: CodePointRanges): boolean {
  return intersection(last, VISIBLE).length > 0 && contains(first, SPACE);
}

/** Only looks ahead for one character that is not there, and that is not a space. */
function looksHarmlessly(node: RegexNode): boolean {
  switch (node.kind) {
    case 'character':
      return true;
    case 'choice':
      return node.options.every(looksHarmlessly);
    case 'sequence':
      return node.parts.every(looksHarmlessly);
    case 'repeat':
    case 'atomic':
      return looksHarmlessly(node.body);
    case 'look':
      return (
        !node.behind &&
        node.negative &&
        node.body.kind === 'character' &&
        !contains(node.body.set, SPACE)
      );
    default:
      return false;
  }
}

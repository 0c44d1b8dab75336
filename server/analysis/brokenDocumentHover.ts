/** The hover over a document of numbers that cannot be read. */
import type { Position } from '../protocol';
import { RequestFailed } from './errors';
import type { HoverAnswer } from './hoverAnswer';

/** What markdown would take for more than a letter. */
const MARKUP = /[\\`*_{}[\]()<>#+\-.!|~&]/g;

/** The sentence that says what is wrong and in which line; throws every other error on. */
export function brokenDocumentHover(
  error: unknown,
  position: Position,
  markdown: boolean,
): HoverAnswer {
  if (!(error instanceof RequestFailed) || error.reason !== 'badDocument') throw error;
  const text = markdown ? error.message.replace(MARKUP, '\\$&') : error.message;
  return { text, range: { start: position, end: position } };
}

import * as v from 'valibot';
import { readPart } from '../readPart';
import { Regex } from './regex';

const schema = v.union([v.object({ String: v.string() }), v.object({ Regex: v.string() })]);

/** A pattern as tokenizer.json writes it: a text, or a regular expression. */
export function readPattern(part: unknown, place: string): Regex {
  const pattern = readPart(schema, part, place);
  return new Regex('String' in pattern ? escape(pattern.String) : pattern.Regex);
}

function escape(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

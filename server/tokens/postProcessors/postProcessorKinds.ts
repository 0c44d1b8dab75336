import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { idSchema, kindSchema, readPart } from '../readPart';
import { TokenizerError } from '../tokenizer';
import { around, EMPTY_TEMPLATE, type SpaceTrim, type Template } from './template';

const namedIdSchema = v.tuple([v.string(), idSchema]);
const bertSchema = v.object({ cls: namedIdSchema, sep: namedIdSchema });
const trimSchema = v.object({
  trim_offsets: v.optional(v.boolean(), true),
  add_prefix_space: v.optional(v.boolean(), true),
});
const sequenceSchema = v.object({ processors: v.array(v.unknown()) });
const templatePieceSchema = v.union([
  v.object({ SpecialToken: v.object({ id: v.string() }) }),
  v.object({ Sequence: v.object({ id: v.picklist(['A', 'B']) }) }),
]);
const templateSchema = v.object({
  single: v.array(templatePieceSchema),
  special_tokens: v.record(v.string(), v.object({ ids: v.array(idSchema) })),
});

/** How each kind is built from its part of the file. A new kind is one more line. */
const kinds = new Map<string, (part: unknown) => Template>([
  ['BertProcessing', readBertProcessing],
  ['ByteLevel', readByteLevel],
  ['RobertaProcessing', readRobertaProcessing],
  ['Sequence', readSequence],
  ['TemplateProcessing', readTemplateProcessing],
]);

/** What the post-processor of a tokenizer.json puts around one sequence; `null` stands for none. */
export function readPostProcessor(part: unknown): Template {
  if (part === null || part === undefined) return EMPTY_TEMPLATE;
  const { type } = readPart(kindSchema, part, 'post_processor');
  const read = kinds.get(type);
  if (read) return read(part);
  throw new TokenizerError(
    l10n.t(
      'This model\'s tokenizer needs a post-processor of the kind "{0}", which is not supported yet. Choose another model.',
      type,
    ),
  );
}

function readBertProcessing(part: unknown): Template {
  const { cls, sep } = readPart(bertSchema, part, 'post_processor');
  return { before: [cls[1]], after: [sep[1]], trims: [] };
}

function readByteLevel(part: unknown): Template {
  return { before: [], after: [], trims: trimsOf(part) };
}

function readRobertaProcessing(part: unknown): Template {
  return { ...readBertProcessing(part), trims: trimsOf(part) };
}

function trimsOf(part: unknown): SpaceTrim[] {
  const options = readPart(trimSchema, part, 'post_processor');
  if (!options.trim_offsets) return [];
  return [{ keepsPrefixSpace: options.add_prefix_space, tokensBefore: 0 }];
}

function readSequence(part: unknown): Template {
  const { processors } = readPart(sequenceSchema, part, 'post_processor');
  return processors.map(readPostProcessor).reduce(around, EMPTY_TEMPLATE);
}

function readTemplateProcessing(part: unknown): Template {
  const { single, special_tokens: tokens } = readPart(templateSchema, part, 'post_processor');
  const before: number[] = [];
  const after: number[] = [];
  let sequences = 0;
  for (const piece of single) {
    if ('Sequence' in piece) sequences += piece.Sequence.id === 'A' ? 1 : 2;
    else (sequences === 0 ? before : after).push(...idsOf(piece.SpecialToken.id, tokens));
  }
  if (sequences === 1) return { before, after, trims: [] };
  throw new TokenizerError(
    l10n.t(
      'The template of the tokenizer.json must hold the text exactly once. Get the file again from where the model comes from.',
    ),
  );
}

function idsOf(name: string, tokens: Record<string, { ids: number[] }>): number[] {
  const token = Object.hasOwn(tokens, name) ? tokens[name] : undefined;
  if (token) return token.ids;
  throw new TokenizerError(
    l10n.t(
      'The template of the tokenizer.json uses the token "{0}" without saying its id. Get the file again from where the model comes from.',
      name,
    ),
  );
}

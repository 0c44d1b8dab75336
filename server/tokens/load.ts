import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { AddedToken } from './added/addedToken';
import { AddedVocabulary } from './added/addedVocabulary';
import type { Model } from './models/model';
import { readModel } from './models/modelKinds';
import { readNormalizer } from './normalizers/normalizerKinds';
import { Pipeline } from './pipeline';
import { readPostProcessor } from './postProcessors/postProcessorKinds';
import type { Template } from './postProcessors/template';
import { readPreTokenizer } from './preTokenizers/preTokenizerKinds';
import { idSchema, readPart } from './readPart';
import { TokenizerError, type Tokenizer } from './tokenizer';

const addedTokenSchema = v.object({
  id: idSchema,
  content: v.string(),
  single_word: v.optional(v.boolean(), false),
  lstrip: v.optional(v.boolean(), false),
  rstrip: v.optional(v.boolean(), false),
  normalized: v.optional(v.boolean()),
  special: v.optional(v.boolean(), false),
});
const fileSchema = v.object({
  added_tokens: v.nullish(v.array(addedTokenSchema), []),
  normalizer: v.optional(v.unknown()),
  pre_tokenizer: v.optional(v.unknown()),
  model: v.optional(v.unknown()),
  post_processor: v.optional(v.unknown()),
});

/** Real files nest a list in a list at most; this leaves room without risking the stack. */
const MAX_DEPTH = 32;
/** Real files have some ten. Each costs time and memory with every text. */
const MAX_STAGES = 64;

/**
 * The tokenizer that a tokenizer.json describes. Its truncation, padding and decoder
 * play no part here.
 * @throws TokenizerError if the file is damaged or needs a kind of stage we do not have
 */
export function loadTokenizer(json: Uint8Array | string): Tokenizer {
  const file = readPart(fileSchema, parse(json), 'tokenizer.json');
  checkStages([file.normalizer, file.pre_tokenizer, file.post_processor]);
  const normalizer = readNormalizer(file.normalizer);
  const model = readModel(file.model);
  const tokens = addedTokens(file.added_tokens, model);
  const added = new AddedVocabulary(tokens, normalizer);
  const template = readPostProcessor(file.post_processor);
  checkTemplate(template, model, added);
  const preTokenizer = readPreTokenizer(file.pre_tokenizer);
  return new Pipeline({ added, normalizer, preTokenizer, model, template });
}

function parse(json: Uint8Array | string): unknown {
  try {
    const text =
      typeof json === 'string' ? json : new TextDecoder('utf-8', { fatal: true }).decode(json);
    return JSON.parse(text);
  } catch {
    throw new TokenizerError(
      l10n.t(
        'The tokenizer.json is not valid JSON; it may be cut short. Get the file again from where the model comes from.',
      ),
    );
  }
}

function checkStages(stages: unknown[]): void {
  let level = stages;
  let count = 0;
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    count += level.filter(isStage).length;
    level = level.flatMap(membersOf);
  }
  if (level.length === 0 && count <= MAX_STAGES) return;
  throw new TokenizerError(
    l10n.t(
      'The tokenizer.json nests its stages too deeply, or has more than {0}. Get the file again from where the model comes from.',
      MAX_STAGES,
    ),
  );
}

function isStage(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'type' in part;
}

function membersOf(part: unknown): unknown[] {
  return typeof part === 'object' && part !== null ? Object.values(part) : [];
}

/**
 * The added tokens with the ids that the reference gives them: that of the vocabulary
 * where it has the token, else the next behind all; what the file says is only a hint.
 */
function addedTokens(
  parts: readonly v.InferOutput<typeof addedTokenSchema>[],
  model: Model,
): AddedToken[] {
  const ids = new Map<string, number>();
  let greatest = -1;
  return parts.map((part) => {
    const next = Math.max(greatest + 1, model.count);
    const id = model.idOf(part.content) ?? ids.get(part.content) ?? next;
    greatest = Math.max(greatest, id);
    ids.set(part.content, id);
    return addedToken(part, id);
  });
}

function addedToken(token: v.InferOutput<typeof addedTokenSchema>, id: number): AddedToken {
  return {
    id,
    content: token.content,
    singleWord: token.single_word,
    lstrip: token.lstrip,
    rstrip: token.rstrip,
    normalized: token.normalized ?? !token.special,
    special: token.special,
  };
}

function checkTemplate(template: Template, model: Model, added: AddedVocabulary): void {
  for (const id of [...template.before, ...template.after]) {
    if ((added.textOf(id) ?? model.textOf(id)) !== undefined) continue;
    throw new TokenizerError(
      l10n.t(
        'The template of the tokenizer.json uses the id {0}, which no token has. Get the file again from where the model comes from.',
        id,
      ),
    );
  }
}

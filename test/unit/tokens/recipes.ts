import { byteLevelRecipes } from './byteLevelRecipes';
import { otherRecipes } from './otherRecipes';
import type { Recipe } from './recipeParts';
import { smallFile } from './reference';

/** Numbers the added tokens behind the vocabulary, and names them so in the post-processor. */
function numbered(recipe: Recipe): Recipe {
  const vocab = recipe.model?.['vocab'] ?? smallFile().model['vocab'];
  const words = Array.isArray(vocab)
    ? (vocab as [string, number][]).map(([token]) => token)
    : Object.keys(vocab as object).sort(
        (a, b) => (vocab as Record<string, number>)[a]! - (vocab as Record<string, number>)[b]!,
      );
  const known = new Map(words.map((token, id) => [token, id]));
  const added = recipe.added_tokens ?? [];
  let next = words.length;
  for (const token of added) {
    const content = String(token['content']);
    if (!known.has(content)) known.set(content, next++);
    token['id'] = known.get(content);
  }
  const text = JSON.stringify(recipe.post_processor ?? null);
  const renumbered = text
    .replace(/\["([^"]+)",\d+\]/g, (_, token: string) => `["${token}",${known.get(token)}]`)
    .replace(
      /"id":"([^"]+)","ids":\[\d+\]/g,
      (_, token: string) => `"id":"${token}","ids":[${known.get(token)}]`,
    );
  return { ...recipe, post_processor: JSON.parse(renumbered) as unknown };
}

/** Those that keep a text in one piece: the reference calls it one word, ours has the words in it. */
const wholes = new Set(['Llama 2', 'Mistral (first, unsplit)', 'Gemma', 'Unigram with bytes']);

/** What is compared of a token's line `id start end word`. */
export function comparedOf(name: string): (line: string) => string {
  return wholes.has(name) ? (line) => line.slice(0, line.lastIndexOf(' ')) : (line) => line;
}

/** [name, tokenizer.json] of each. */
export function* tokenizerFiles(): Generator<[name: string, json: string]> {
  for (const [name, recipe] of Object.entries({ ...byteLevelRecipes, ...otherRecipes })) {
    yield [name, JSON.stringify(smallFile(numbered(recipe())))];
  }
}

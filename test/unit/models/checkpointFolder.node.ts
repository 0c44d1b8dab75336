/** Folders of models as a person has them: the reference checkpoints with a tokenizer beside them. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const CHECKPOINTS = resolve('test/reference/architectures');
const PAIRS = resolve('test/reference/pairs');

/** As make_architectures.py wrote it. */
export interface Checkpoint {
  name: string;
  ids: number[];
  layers: number;
  heads: number;
}

export const CHECKPOINT_CASES = JSON.parse(
  readFileSync(join(CHECKPOINTS, 'cases.json'), 'utf8'),
) as Checkpoint[];

/** As make_pairs.py wrote it; shapes are [layers, heads] of encoder, decoder and across. */
export interface PairCheckpoint {
  name: string;
  source: number[];
  target: number[];
  shapes: [layers: number, heads: number][];
}

export const PAIR_CASES = JSON.parse(
  readFileSync(join(PAIRS, 'cases.json'), 'utf8'),
) as PairCheckpoint[];

/** As {@link checkpointFolder}, of an encoder-decoder. */
export function pairFolder(name: string): string {
  return folderFrom(join(PAIRS, name));
}

/** float32 [layer, head, query, key] of a kind of attention, as transformers gives them. */
export function pairWeights({ name, source, target, shapes }: PairCheckpoint): Float32Array[] {
  const bytes = new Uint8Array(readFileSync(join(PAIRS, name, 'attentions.bin')));
  const all = new Float32Array(bytes.buffer, 0, bytes.length / 4);
  const [n, m] = [source.length, target.length];
  let at = 0;
  return [n * n, m * m, m * n].map((size, stack) => {
    const [layers, heads] = shapes[stack]!;
    const from = at;
    at += layers * heads * size;
    return all.subarray(from, at);
  });
}

/** Ids of the checkpoints, as many as their embeddings have rows. */
const VOCABULARY = 48;

/** A copy of the checkpoint in a folder of its own, whose tokenizer reads `t7` as the id 7. */
export function checkpointFolder(name: string): string {
  return folderFrom(join(CHECKPOINTS, name));
}

function folderFrom(checkpoint: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'attention-lens-model-'));
  for (const file of ['config.json', 'model.safetensors'])
    cpSync(join(checkpoint, file), join(folder, file));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(wordTokenizer(VOCABULARY)));
  return folder;
}

/** A tokenizer.json of the words t0, t1 … and no template. */
export function wordTokenizer(vocabulary: number): object {
  const ids = Array.from({ length: vocabulary }, (_, id): [string, number] => [`t${id}`, id]);
  return {
    added_tokens: [],
    pre_tokenizer: { type: 'WhitespaceSplit' },
    model: { type: 'WordLevel', vocab: Object.fromEntries(ids), unk_token: 't0' },
  };
}

/** The text that such a tokenizer reads as `ids`. */
export function textOf(ids: readonly number[]): string {
  return ids.map((id) => `t${id}`).join(' ');
}

/** float32 [layer, head, query, key], as transformers gives them. */
export function referenceWeights(name: string): Float32Array {
  const bytes = new Uint8Array(readFileSync(join(CHECKPOINTS, name, 'attentions.bin')));
  return new Float32Array(bytes.buffer, 0, bytes.length / 4);
}

// Packs what make_exports.py and make_fused.py made into one file for the unit tests:
// one form of each kind, compressed together, because forms of a model share their weights.
//
// Usage: node test/reference/pack_exports.mjs FOLDER
// Writes exports/exports.br, Brotli of: uint32 length of a JSON list of {path, bytes}, the
// list, then the files' bytes one after the other.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

/** Beside `legacy-17` of every model. */
const forms = {
  'dynamo-18': ['bert', 'llama', 't5', 'gemma2', 'mistral', 'mistral-wide', 'bloom', 'mpnet', 'modernbert', 'bart'],
  'sdpa-17': ['bert', 'llama'],
  optimised: ['bert', 'llama', 't5-encoder', 'bart'],
  int8: ['bert', 't5-encoder', 'llama'],
  fp16: ['bert', 'gemma2', 'bloom', 'gpt_oss'],
  'legacy-11': ['bert', 'llama'],
  'legacy-14': ['gpt2'],
  'past-17': ['gpt2', 'qwen2'],
  'merged-17': ['llama'],
};

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node test/reference/pack_exports.mjs FOLDER');

/** @type {{ name: string, forms: string[] }[]} */
const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));
const paths = ['fused/cases.json'];
for (const { name } of JSON.parse(readFileSync(join(folder, 'fused/cases.json'), 'utf8'))) {
  paths.push(`fused/${name}.onnx`, `fused/${name}.bin`);
}
const kept = cases.map((each) => ({
  ...each,
  failed: undefined,
  forms: each.forms.filter(
    (form) => form === 'legacy-17' || forms[/** @type {keyof forms} */ (form)]?.includes(each.name),
  ),
}));
for (const each of kept) {
  paths.push(`${each.name}/attentions.bin`, `${each.name}/config.json`);
  paths.push(...each.forms.map((form) => `${each.name}/${form}.onnx`));
}
const files = [
  { path: 'cases.json', bytes: Buffer.from(JSON.stringify(kept)) },
  ...paths.map((path) => ({ path, bytes: readFileSync(join(folder, path)) })),
];
const list = Buffer.from(
  JSON.stringify(files.map(({ path, bytes }) => ({ path, bytes: bytes.length }))),
);
const length = Buffer.alloc(4);
length.writeUInt32LE(list.length);
const whole = Buffer.concat([length, list, ...files.map(({ bytes }) => bytes)]);
const packed = brotliCompressSync(whole, {
  params: {
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: whole.length,
  },
});
writeFileSync(new URL('exports/exports.br', import.meta.url), packed);
console.log(`${files.length} files, ${whole.length} bytes, packed ${packed.length}`);

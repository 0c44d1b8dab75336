/**
 * Prints which layers are found in each model and form, and the worst error of a weight:
 *   node esbuild.js --tests && node out/test/unit/onnx/tapTable.node.cjs FOLDER
 * FOLDER: what make_exports.py wrote. First number: the graph's weights against eager
 * attention; second: what the recognised rule makes of queries and keys against the graph's.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { architectureOf } from '../../../server/onnx/architectures/architectures';
import { tapGraph } from '../../../server/onnx/tap/tapGraph';
import type { ExportCase } from './exports.node';
import { runTapped, worstDifference } from './tappedRun.node';

const KINDS = ['self', 'decoderSelf', 'cross'];
const FORMS = [
  'legacy-17',
  'sdpa-17',
  'dynamo-18',
  'optimised',
  'fp16',
  'int8',
  'past-17',
  'merged-17',
];
const LOCATION = 'model.onnx';

async function main(folder: string): Promise<void> {
  const read = (path: string): Uint8Array => new Uint8Array(readFileSync(join(folder, path)));
  const cases = JSON.parse(new TextDecoder().decode(read('cases.json'))) as ExportCase[];
  console.log(['model', 'safetensors', ...FORMS].join(' | '));
  for (const each of cases) {
    const cells = [canBuild(read(`${each.name}/config.json`)) ? 'built' : '–'];
    for (const form of FORMS) {
      cells.push(each.forms.includes(form) ? await cell(each, read, form) : '–');
    }
    console.log([each.name, ...cells].join(' | '));
  }
}

function canBuild(config: Uint8Array): boolean {
  const { model_type: type } = JSON.parse(new TextDecoder().decode(config)) as {
    model_type: string;
  };
  return architectureOf(type) !== undefined;
}

async function cell(
  { name, ids, source, stacks }: ExportCase,
  read: (path: string) => Uint8Array,
  form: string,
): Promise<string> {
  const expected = stacks.reduce((sum, [layers]) => sum + layers, 0);
  try {
    const file = read(`${name}/${form}.onnx`);
    const tapped = tapGraph(file, { location: LOCATION });
    const texts = source ? { ids: source, decoderIds: ids } : { ids };
    const reference = new Float32Array(read(`${name}/attentions.bin`).buffer);
    let [eager, rule] = [0, 0];
    for (const { layer, weights, byRule } of await runTapped(tapped, { [LOCATION]: file }, texts)) {
      const sizes = stacks.map(([, heads, queries, keys]) => heads * queries * keys);
      const stack = KINDS.indexOf(layer.kind);
      const before = stacks
        .slice(0, stack)
        .reduce((sum, [layers], at) => sum + layers * sizes[at]!, 0);
      const start = before + layer.index * sizes[stack]!;
      eager = Math.max(
        eager,
        worstDifference(weights, reference.subarray(start, start + sizes[stack]!)),
      );
      rule = Math.max(rule, worstDifference(weights, byRule));
    }
    return `${tapped.layers.length}/${expected} ${eager.toExponential(0)} ${rule.toExponential(0)}`;
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message.slice(0, 80) : String(error)}`;
  }
}

void main(process.argv[2] ?? '.');

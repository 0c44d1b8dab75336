/** Small random BERT encoders, built as the bundled model's graph is, for the engine to run. */
import { readManifest } from '../../../server/models/readManifest';
import { writeSafetensors } from '../../../server/onnx/safetensors';
import { describeFolder } from '../../../scripts/model/folder';
import { tinyTensors, type BertSizes } from '../onnx/tinyBert';
import type { LoadParams } from '../../../server/engine/protocol';

/** Weights are the same every time. */
export async function tinyModel(sizes: BertSizes): Promise<LoadParams> {
  const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const weights = writeSafetensors(tinyTensors(sizes));
  const folder = await describeFolder(weights, encode(sizes), encode({}));
  const manifest = readManifest(folder.get('manifest.json')!);
  const [file] = manifest.weights;
  return {
    manifest,
    graph: { bytes: folder.get(manifest.graph.path)! },
    weights: { [file!.path]: { bytes: weights } },
    threads: 1,
  };
}

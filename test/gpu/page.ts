/** In the browser's page: `gpuResult` resolves with the largest difference. */
import { startNestedWorker } from '../../server/engine/startWorker.web';
import { MANIFEST_PATH } from '../../server/models/loadModel';
import { readManifest } from '../../server/models/readManifest';
import { gpuDifference } from './difference';
import type { FileSource } from '../../server/engine/protocol';

const MODEL = 'models/all-minilm-l6-v2';

async function bytesOf(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(`/${path}`)).arrayBuffer());
}

async function run(): Promise<number> {
  const source = new TextDecoder().decode(await bytesOf('dist/engine.web.js'));
  const wasm = await bytesOf('dist/ort-wasm-simd-threaded.wasm');
  const gpu = await bytesOf('dist/ort-wasm-simd-threaded.jspi.wasm');
  const script = await bytesOf('dist/gpu.web.js');
  const manifest = readManifest(await bytesOf(`${MODEL}/${MANIFEST_PATH}`));
  const weights: { [path: string]: FileSource } = {};
  for (const { path } of manifest.weights)
    weights[path] = { bytes: await bytesOf(`${MODEL}/${path}`) };
  return gpuDifference(
    () => startNestedWorker(source),
    { manifest, graph: { bytes: await bytesOf(`${MODEL}/${manifest.graph.path}`) }, weights },
    (backend) => (backend === 'webgpu' ? { bytes: gpu, script } : { bytes: wasm }),
  );
}

Object.assign(globalThis, { gpuResult: run });

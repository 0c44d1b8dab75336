/** Opens the bundled model on the graphics card and on WebAssembly, and compares them. */
import { largestDifference } from '../../server/engine/backends/parity';
import { systemClock } from '../../server/engine/clock';
import { Engine } from '../../server/engine/engine';
import type { BackendName } from '../../server/engine/backends/backend';
import type { StartWorker } from '../../server/engine/engineWorker';
import type { LoadParams } from '../../server/engine/protocol';

/** The largest difference of a weight. Fails as the engines do. */
export async function gpuDifference(
  startWorker: StartWorker,
  model: Omit<LoadParams, 'threads'>,
  runtime: (backend: BackendName) => LoadParams['runtime'],
): Promise<number> {
  const open = async (backend: BackendName): Promise<Engine> => {
    const engine = new Engine({
      startWorker,
      clock: systemClock,
      log: (line) => console.log(line),
    });
    await engine.load({ ...model, backend, threads: 1, runtime: runtime(backend) });
    return engine;
  };
  const [wasm, gpu] = [await open('wasm'), await open('webgpu')];
  try {
    const { signal } = new AbortController();
    return await largestDifference([gpu, wasm], model.manifest, signal);
  } finally {
    wasm.dispose();
    gpu.dispose();
  }
}

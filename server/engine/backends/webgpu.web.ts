/**
 * The graphics card in a browser. Its runtime is another build, several times as
 * large, that comes with the load only when somebody asks for it.
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../../channel/channel';
import { gpuProvider } from './gpuProvider';
import { openOnnxSession, type Runtime } from '../onnxSession';
import { GPU_RUNTIME } from './gpuRuntime';
import type { OpenSession, SessionSource } from '../session';

const scope = self as unknown as WorkerGlobalScope & { [GPU_RUNTIME]?: Runtime };

export const openWebgpu: OpenSession = async (source) => {
  await checkBrowser();
  const ort = loadRuntime(source);
  return openOnnxSession(ort, source, {
    backend: 'webgpu',
    threads: 1,
    version: ort.env.versions.web ?? ort.env.versions.common,
    session: {
      executionProviders: [gpuProvider('webgpu', source.graph)],
    },
  });
};

async function checkBrowser(): Promise<void> {
  // The runtime waits for the card from inside WebAssembly.
  const suspends = 'Suspending' in WebAssembly;
  const adapter = suspends ? await scope.navigator.gpu?.requestAdapter() : null;
  if (adapter) return;
  throw new ChannelError(
    'backendUnavailable',
    suspends
      ? l10n.t('The browser offers no graphics card for computing.')
      : l10n.t(
          'The browser cannot run the engine on the graphics card: it lacks JavaScript Promise Integration.',
        ),
  );
}

function loadRuntime({ runtime, runtimeScript }: SessionSource): Runtime {
  if (!scope[GPU_RUNTIME] && runtime && runtimeScript) {
    const script = new Blob([runtimeScript as Uint8Array<ArrayBuffer>], {
      type: 'text/javascript',
    });
    const address = URL.createObjectURL(script);
    scope.importScripts(address);
    URL.revokeObjectURL(address);
    const { wasm } = scope[GPU_RUNTIME]!.env;
    wasm.numThreads = 1;
    wasm.wasmBinary = runtime;
  }
  const ort = scope[GPU_RUNTIME];
  if (ort) return ort;
  throw new ChannelError(
    'backendUnavailable',
    l10n.t('The runtime for the graphics card is missing. Reinstall the extension.'),
  );
}

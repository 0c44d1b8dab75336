/** The runtime's binding for Node, loaded when it is first asked for. */
import * as l10n from '@vscode/l10n';
import { env, InferenceSession, registerBackend, Tensor, type Backend } from 'onnxruntime-common';
import { ChannelError } from '../../../channel/channel';
import type { Runtime } from '../onnxSession';

/**
 * Execution providers of the binding by the names under which they are opened here. The
 * binding's own name "cpu" also belongs to the runtime on WebAssembly, and whoever
 * registers first keeps it.
 */
const PROVIDERS = { native: 'cpu', webgpu: 'webgpu' } as const;

export interface NativeRuntime extends Runtime {
  version: string;
}

/** The name to give as `executionProviders`. */
export function providerName(backend: keyof typeof PROVIDERS): string {
  return `binding-${PROVIDERS[backend]}`;
}

/** A name can be registered once. */
let loaded: Promise<NativeRuntime> | undefined;

/** Fails with `backendUnavailable` where the binding is missing, damaged, or made for another system. */
export function nativeRuntime(): Promise<NativeRuntime> {
  return (loaded ??= load());
}

async function load(): Promise<NativeRuntime> {
  try {
    const { onnxruntimeBackend } = await import('onnxruntime-node/dist/backend.js');
    const { version } = await import('onnxruntime-node/dist/version.js');
    for (const backend of ['native', 'webgpu'] as const) {
      registerBackend(
        providerName(backend),
        underItsOwnName(onnxruntimeBackend, PROVIDERS[backend]),
        -1,
      );
    }
    return { InferenceSession, Tensor, env, version };
  } catch (error) {
    if (ChannelError.is(error)) throw error;
    throw new ChannelError(
      'backendUnavailable',
      l10n.t('The native engine cannot be loaded on this system.'),
      { detail: error instanceof Error ? error.message : String(error) },
    );
  }
}

function underItsOwnName(binding: Backend, provider: string): Backend {
  return {
    init: () => binding.init(provider),
    createInferenceSessionHandler: (model, options) => {
      const [asked] = options?.executionProviders ?? [];
      const settings = typeof asked === 'object' ? asked : {};
      return binding.createInferenceSessionHandler(model, {
        ...options,
        executionProviders: [{ ...settings, name: provider }],
      });
    },
  };
}

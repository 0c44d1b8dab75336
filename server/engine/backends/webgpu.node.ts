/** The graphics card, by the binding for Node. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../../channel/channel';
import { gpuProvider } from './gpuProvider';
import { openOnnxSession } from '../onnxSession';
import { nativeRuntime, providerName } from './nativeRuntime.node';
import type { OpenSession } from '../session';

export const openWebgpu: OpenSession = async (source) => {
  const ort = await nativeRuntime();
  try {
    return await openOnnxSession(ort, source, {
      backend: 'webgpu',
      threads: 1,
      version: ort.version,
      session: {
        executionProviders: [gpuProvider(providerName('webgpu'), source.graph)],
      },
    });
  } catch (error) {
    const detail: unknown = error instanceof ChannelError ? error.data : undefined;
    throw new ChannelError(
      'backendUnavailable',
      l10n.t('The engine on the graphics card does not start: no usable card or driver was found.'),
      detail,
    );
  }
};

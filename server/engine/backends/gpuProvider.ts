/** How the execution provider for graphics cards is asked for. */
import type { InferenceSession } from 'onnxruntime-common';
import { halfNodes } from '../../onnx/halfNodes';

/** `name`: as it is registered. Nodes on float16 weights stay on the processor: many cards have no float16. */
export function gpuProvider(
  name: string,
  graph: Uint8Array,
): InferenceSession.ExecutionProviderConfig {
  const onProcessor = halfNodes(graph);
  // The runtime takes no empty list.
  return onProcessor.length > 0
    ? Object.assign({ name }, { forceCpuNodeNames: onProcessor })
    : { name };
}

/** What can compute a graph in Node. */
import { openNative } from './backends/native.node';
import { openWasm } from './backends/wasm.node';
import { openWebgpu } from './backends/webgpu.node';
import { opener } from './session';

export const openSession = opener({ wasm: openWasm, native: openNative, webgpu: openWebgpu });

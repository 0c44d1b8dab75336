/** What can compute a graph in a browser's worker. */
import { openWasm } from './backends/wasm.web';
import { openWebgpu } from './backends/webgpu.web';
import { opener } from './session';

export const openSession = opener({ wasm: openWasm, webgpu: openWebgpu });

/** The runtime for graphics cards as a script of its own, which the engine loads when it needs it. */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/jspi';
import { GPU_RUNTIME } from './gpuRuntime';

Reflect.set(self, GPU_RUNTIME, { env, InferenceSession, Tensor });

/** Which kernel runs here. */
import bytes from '../../../out/kernel/attention.wasm';
import { PlainKernel } from './plain';
import { SimdKernel } from './simd';
import type { Kernel } from './kernel';

/** The SIMD kernel where WebAssembly can do that, else the plain one. */
export function chooseKernel(): Kernel {
  try {
    return simdKernel();
  } catch {
    return new PlainKernel();
  }
}

/** Throws WebAssembly.CompileError where there is no SIMD. */
export function simdKernel(): SimdKernel {
  return new SimdKernel(new WebAssembly.Module(bytes));
}

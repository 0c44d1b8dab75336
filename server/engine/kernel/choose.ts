/** Which kernel runs here. */
import { PlainKernel } from './plain';
import type { Kernel } from './kernel';

export function chooseKernel(): Kernel {
  return new PlainKernel();
}

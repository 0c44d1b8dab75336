/** The kinds of model whose graph can be built from `config.json` and weights alone. */
import { albert } from './albert';
import type { Architecture } from './architecture';
import { bertFamily } from './bertFamily';
import { bloom } from './bloom';
import { distilbert } from './distilbert';
import { gpt2 } from './gpt2';
import { gptNeox } from './gptNeox';
import { llamaFamily } from './llamaFamily';
import { opt } from './opt';
import { phi } from './phi';
import { phi3 } from './phi3';

const ARCHITECTURES: readonly Architecture[] = [
  bertFamily,
  distilbert,
  albert,
  gpt2,
  gptNeox,
  opt,
  bloom,
  llamaFamily,
  phi,
  phi3,
];

/** Every `model_type` that can be built, in alphabetical order. */
export const BUILDABLE_TYPES: readonly string[] = ARCHITECTURES.flatMap(
  ({ types }) => types,
).sort();

/** The architecture of a `model_type`; undefined where it is not known. */
export function architectureOf(type: string): Architecture | undefined {
  return ARCHITECTURES.find(({ types }) => types.includes(type));
}

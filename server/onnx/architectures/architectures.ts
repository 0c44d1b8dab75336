/** The kinds of model whose graph can be built from `config.json` and weights alone. */
import { albert } from './albert';
import { bart } from './bart';
import { bertFamily } from './bertFamily';
import { bloom } from './bloom';
import { cohere } from './cohere';
import { distilbert } from './distilbert';
import { esm } from './esm';
import { falcon } from './falcon';
import { gemmaLocal } from './gemmaLocal';
import { gpt2 } from './gpt2';
import { gptOss } from './gptOss';
import { gptj } from './gptj';
import { gptNeo } from './gptNeo';
import { gptNeox } from './gptNeox';
import { llamaFamily } from './llamaFamily';
import { mixtureFamily } from './mixtureFamily';
import { modernbert } from './modernbert';
import { mpnet } from './mpnet';
import { mpt } from './mpt';
import { nemotron, olmo } from './olmo';
import { opt } from './opt';
import { phi } from './phi';
import { phi3 } from './phi3';
import { stablelm } from './stablelm';
import { starcoder2 } from './starcoder2';
import { t5 } from './t5';
import type { Architecture } from './architecture';

const ARCHITECTURES: readonly Architecture[] = [
  bart,
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
  cohere,
  esm,
  falcon,
  gemmaLocal,
  gptNeo,
  gptj,
  gptOss,
  mixtureFamily,
  modernbert,
  mpnet,
  mpt,
  nemotron,
  olmo,
  stablelm,
  starcoder2,
  t5,
];

/** Every `model_type` that can be built, in alphabetical order. */
export const BUILDABLE_TYPES: readonly string[] = ARCHITECTURES.flatMap(
  ({ types }) => types,
).sort();

/** The architecture of a `model_type`; undefined where it is not known. */
export function architectureOf(type: string): Architecture | undefined {
  return ARCHITECTURES.find(({ types }) => types.includes(type));
}

/** Whether two engines see the same attention in the same tokens. */
import type { Clock } from '../clock';
import type { Engine } from '../engine';
import { shownLayers, type ModelManifest } from '../../models/manifest';

/** What a comparison needs of an engine. */
export type ComparedEngine = Pick<Engine, 'analyse' | 'region' | 'forget'>;

/** A backend whose weights differ by more than this is wrong; rounding stays hundreds of times below. */
export const PARITY_TOLERANCE = 1e-3;

/**
 * As few tokens as the probe at load takes, and enough that kernels work in blocks: wrong
 * kernels have been right on the first and wrong on the second.
 */
const LENGTHS = [8, 128];

/** Ids that nearly every vocabulary has. */
const VOCABULARY = 64;

/** The most weights of one answer: longer rows than {@link LENGTHS} are never compared. */
function tokensOf(
  atMost: number,
  { contextLength, vocabulary = VOCABULARY }: ModelManifest,
): Int32Array {
  const ids = Math.min(vocabulary, VOCABULARY);
  const length = Math.min(atMost, contextLength);
  return Int32Array.from({ length }, (_, at) => (at * at * 7 + at * 3) % ids);
}

/**
 * The largest difference of any weight of any layer and head, recomputed from the
 * queries and keys of either engine, over 8 and over 128 tokens (fewer where the model
 * reads fewer). Fails as the engines do.
 */
export async function largestDifference(
  engines: readonly [ComparedEngine, ComparedEngine],
  manifest: ModelManifest,
  signal: AbortSignal,
): Promise<number> {
  let worst = 0;
  for (const length of LENGTHS) {
    const ids = tokensOf(length, manifest);
    const [ours, theirs] = await Promise.all(
      engines.map((engine) => attention(engine, ids, manifest, signal)),
    );
    for (const [at, weight] of ours!.entries()) {
      const difference = Math.abs(weight - theirs![at]!);
      worst = difference <= worst ? worst : difference;
      if (Number.isNaN(difference)) return Infinity;
    }
  }
  return worst;
}

/** Milliseconds of the fastest of `passes` analyses of 128 tokens. */
export async function passTime(
  engine: ComparedEngine,
  manifest: ModelManifest,
  clock: Clock,
  signal: AbortSignal,
  passes = 3,
): Promise<number> {
  const window = 'speed';
  const ids = tokensOf(LENGTHS.at(-1)!, manifest);
  let fastest = Infinity;
  for (let pass = 0; pass < passes; pass++) {
    const start = clock.now();
    await engine.analyse({ window, ids, specialTokens: [] }, { signal });
    fastest = Math.min(fastest, clock.now() - start);
  }
  await engine.forget([window]);
  return fastest;
}

/** float32 [shown layer, head, query, key], of few tokens alone. */
async function attention(
  engine: ComparedEngine,
  ids: Int32Array,
  manifest: ModelManifest,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { heads } = manifest;
  const layers = shownLayers(manifest);
  const tokens = ids.length;
  const window = `parity ${tokens}`;
  const whole: [number, number] = [0, tokens];
  const all = new Float32Array(layers.length * heads * tokens * tokens);
  await engine.analyse({ window, ids, specialTokens: [] }, { signal });
  try {
    for (let at = 0; at < layers.length * heads; at++) {
      const { values } = await engine.region(
        {
          window,
          layer: layers[Math.floor(at / heads)]!,
          head: at % heads,
          reading: 'raw',
          queries: whole,
          keys: whole,
          rows: tokens,
          columns: tokens,
          pool: 'max',
        },
        { signal },
      );
      all.set(values, at * tokens * tokens);
    }
    return all;
  } finally {
    await engine.forget([window]);
  }
}

/** ONNX Runtime's own code for this processor, by its binding for Node. */
import { availableParallelism } from 'node:os';
import { openOnnxSession } from '../onnxSession';
import { threadsFor } from './backend';
import { nativeRuntime, providerName } from './nativeRuntime.node';
import type { OpenSession } from '../session';

/** Threads that wait for the next pass by spinning would keep the processor busy between two hovers. */
const EXTRA = { session: { intra_op: { allow_spinning: '0' } } };

/**
 * An arena keeps what a run has needed at most, and every slice of a graph would have one of
 * its own: a pass over 2,048 tokens of a model of thirty layers took ten times the memory.
 */
const USES_ARENA = false;

export const openNative: OpenSession = async (source) => {
  const ort = await nativeRuntime();
  const threads = threadsFor('native', source.threads, availableParallelism());
  return openOnnxSession(ort, source, {
    backend: 'native',
    threads,
    version: ort.version,
    session: {
      executionProviders: [providerName('native')],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      enableCpuMemArena: USES_ARENA,
      extra: EXTRA,
    },
  });
};

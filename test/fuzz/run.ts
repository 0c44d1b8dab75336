/**
 * npm run fuzz -- [--runs 2000] [--seed 1] [--target onnx]: feeds damaged files to
 * everything that reads a model, and says which broke a law.
 */
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz';
import { TARGET_NAMES } from './targets';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    target: { type: 'string' },
  },
});

async function main(): Promise<void> {
  let failed = false;
  const named = TARGET_NAMES.filter(
    (name) => values.target === undefined || name === values.target,
  );
  for (const target of named) {
    const { runs, accepted, broken } = await fuzz(target, Number(values.runs), Number(values.seed));
    console.log(
      `${target}: ${runs} files from seed ${values.seed}, ${accepted} taken, ` +
        `${runs - accepted - broken.length} refused, ${broken.length} broke a law`,
    );
    for (const { seed, how } of broken) console.log(`  seed ${seed}: ${how}`);
    failed ||= broken.length > 0;
  }
  process.exitCode = failed ? 1 : 0;
}

void main();

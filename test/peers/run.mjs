// npm run bench:peers: PyTorch on the same weights, and BertViz and Inspectus on its attention, beside our engine and panel.
// Python is needed for this alone. It gets an environment of its own in the cache of the tests,
// unless PEERS_PYTHON names one that has torch, transformers, ipython, bertviz and inspectus.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from '../hosts/browser.mjs';
import { ensureDependencies } from '../hosts/npm.mjs';
import { cache, root, temporaryFolder } from '../hosts/places.mjs';

const packages = ['torch', 'transformers', 'ipython', 'bertviz', 'inspectus'];

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function run(command, args, env = process.env) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (error) throw new Error(`${command} cannot be started: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ended with ${status}.`);
}

/** Python with what is measured; made once. */
function python() {
  const named = process.env.PEERS_PYTHON;
  if (named) return named;
  const environment = join(cache, 'peers');
  const program = join(
    environment,
    process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python',
  );
  const complete = join(environment, 'complete');
  if (existsSync(complete)) return program;
  rmSync(environment, { recursive: true, force: true });
  run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', environment]);
  run(program, ['-m', 'pip', 'install', '--quiet', ...packages]);
  mkdirSync(complete);
  return program;
}

async function main() {
  ensureDependencies();
  const program = python();
  const pages = temporaryFolder('peers');
  try {
    run(program, ['test/peers/measure.py', 'models/all-minilm-l6-v2', pages, '1']);
    run(process.execPath, ['test/bench/run.mjs', 'backends']);
    const { build } = await import('esbuild');
    await build({
      absWorkingDir: root,
      entryPoints: ['test/peers/paint.ts'],
      outfile: join(root, 'out/peers/paint.mjs'),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      packages: 'external',
      tsconfig: 'test/tsconfig.json',
    });
    const env = { ...process.env, CHROMIUM_PATH: await findBrowser() };
    run(process.execPath, ['out/peers/paint.mjs', pages], env);
  } finally {
    rmSync(pages, { recursive: true, force: true });
  }
}

main().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

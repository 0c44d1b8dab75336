// Builds the engine and its bench, and runs it: node test/bench/engine/run.mjs
import { execFileSync } from 'node:child_process';
import esbuild from 'esbuild';

const outfile = 'out/bench/engine.mjs';
const node = (...args) => execFileSync(process.execPath, args, { stdio: 'inherit' });

node('esbuild.js', '--production', '--only', 'engine');
await esbuild.build({
  entryPoints: ['test/bench/engine/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  tsconfig: 'test/tsconfig.json',
  logLevel: 'warning',
});
node(outfile);

// npm run bench: every bench in turn. They print ratios, which a busy machine changes little.
//   npm run bench -- backends panel   only these
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies } from '../hosts/npm.mjs';
import { root } from '../hosts/places.mjs';

/** @param {string} entry */
async function bundle(entry) {
  const { build } = await import('esbuild');
  const outfile = join(root, 'out/bench', `${entry}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [`test/bench/${entry}/main.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    tsconfig: 'test/tsconfig.json',
    logLevel: 'warning',
  });
  return outfile;
}

ensureDependencies();
const built = spawnSync(process.execPath, ['esbuild.js', '--production'], {
  cwd: root,
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);
const folders = readdirSync(join(root, 'test/bench'), { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);
const wanted = process.argv.slice(2);
for (const { name } of folders) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n── ${name}`);
  const run = spawnSync(process.execPath, [await bundle(name)], { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) process.exitCode = 1;
}

// npm run package: builds what ships and packs it into attention-lens-<version>.vsix.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from '../test/hosts/npm.mjs';
import { root } from '../test/hosts/places.mjs';
import { checkContents } from './package-contents.mjs';

/**
 * Packs what is in dist/ and checks the result. Returns the path of the package.
 * @param {string} target
 */
export function packageExtension(target) {
  const run = spawnSync(
    process.execPath,
    [join(root, 'node_modules/@vscode/vsce/vsce'), 'package', '--no-dependencies', '--out', target],
    { cwd: root, encoding: 'utf8' },
  );
  const output = `${run.stdout}${run.stderr}`;
  if (run.status !== 0) throw new Error(`vsce could not pack the extension:\n${output}`);
  const warnings = output.split('\n').filter((line) => /\bWARNING\b/.test(line));
  if (warnings.length > 0) throw new Error(`vsce is not content:\n${warnings.join('\n')}`);
  checkContents(target);
  return target;
}

async function main() {
  ensureDependencies();
  const build = spawnSync(process.execPath, ['esbuild.js', '--production'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (build.status !== 0) throw new Error('The build failed; the messages above say why.');
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = packageExtension(join(root, `attention-lens-${version}.vsix`));
  console.log(`${file} (${(statSync(file).size / 1e6).toFixed(1)} MB)`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

// npm run package: builds what ships and packs it into attention-lens-<version>.vsix, which runs everywhere.
//   npm run package -- --target linux-x64   with the native engine of one platform
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureDependencies } from '../test/hosts/npm.mjs';
import { root } from '../test/hosts/places.mjs';
import { checkContents } from './package-contents.mjs';

/** @type {{ platforms: string[], copyNative(platform: string, dist: string): void }} */
const native = createRequire(import.meta.url)('./native.js');
export const { platforms } = native;

/**
 * Packs what is in dist/ and checks the result. Returns the path of the package.
 * @param {string} file
 * @param {string} [platform] whose native engine goes with it; none unless said
 */
export function packageExtension(file, platform) {
  const run = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/@vscode/vsce/vsce'),
      'package',
      '--no-dependencies',
      ...['--out', file],
      ...(platform ? ['--target', platform, '--ignoreFile', withNative(platform)] : []),
    ],
    { cwd: root, encoding: 'utf8' },
  );
  const output = `${run.stdout}${run.stderr}`;
  if (run.status !== 0) throw new Error(`vsce could not pack the extension:\n${output}`);
  const warnings = output.split('\n').filter((line) => /\bWARNING\b/.test(line));
  if (warnings.length > 0) throw new Error(`vsce is not content:\n${warnings.join('\n')}`);
  checkContents(file, platform);
  return file;
}

/** Lines of .vscodeignore: what browsers compute on the graphics card with; a native engine can do that itself. */
const onlyForTheWeb = ['!dist/gpu.web.js', '!dist/ort-wasm-simd-threaded.jspi.wasm'];

/**
 * Sees to the platform's native engine in dist/. Returns the path of a list of
 * what to pack that has it.
 * @param {string} platform
 */
function withNative(platform) {
  native.copyNative(platform, join(root, 'dist'));
  const list = join(root, `out/${platform}.vscodeignore`);
  mkdirSync(join(root, 'out'), { recursive: true });
  const lines = readFileSync(join(root, '.vscodeignore'), 'utf8').split('\n');
  const kept = lines.filter((line) => !onlyForTheWeb.includes(line));
  writeFileSync(list, [...kept, `!dist/native/${platform}/*`, ''].join('\n'));
  return list;
}

function readPlatform() {
  const { target } = parseArgs({ options: { target: { type: 'string' } } }).values;
  if (target === undefined || platforms.includes(target)) return target;
  throw new Error(
    `There is no native engine for "${target}"; there is one for ${platforms.join(', ')}.`,
  );
}

async function main() {
  const platform = readPlatform();
  ensureDependencies();
  const build = spawnSync(
    process.execPath,
    ['esbuild.js', '--production', '--native', platform ?? 'none'],
    { cwd: root, stdio: 'inherit' },
  );
  if (build.status !== 0) throw new Error('The build failed; the messages above say why.');
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const name = ['attention-lens', ...(platform ? [platform] : []), version].join('-');
  const file = packageExtension(join(root, `${name}.vsix`), platform);
  console.log(`${file} (${(statSync(file).size / 1e6).toFixed(1)} MB)`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

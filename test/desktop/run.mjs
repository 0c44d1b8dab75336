// npm run test:desktop: the host suite inside the desktop edition of VS Code.
// Where VS Code cannot be downloaded it says SKIP; VSCODE_DESKTOP=require makes that a failure.
// VSCODE_EXECUTABLE_PATH names a VS Code that is already there.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from '../hosts/npm.mjs';
import { root, temporaryFolder } from '../hosts/places.mjs';

/** Reasons not to have a VS Code that are nobody's mistake. */
const unreachable = /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|timed? ?out/i;

const downloadTimeoutMs = 15_000;

/** @param {string} reason */
function skip(reason) {
  const must = process.env.VSCODE_DESKTOP === 'require';
  console.log(`${must ? 'FAIL' : 'SKIP'} test:desktop: ${reason}`);
  console.log(must ? '0 passed, 1 failed, 0 skipped' : '0 passed, 0 failed, 1 skipped');
  process.exit(must ? 1 : 0);
}

/** Where there is no display the whole program runs again under a virtual one. */
function needsDisplay() {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
    return false;
  if (spawnSync('xvfb-run', ['--help']).error) skip('there is no display and no xvfb-run.');
  const run = spawnSync('xvfb-run', ['-a', process.execPath, fileURLToPath(import.meta.url)], {
    stdio: 'inherit',
  });
  process.exitCode = run.status ?? 1;
  return true;
}

/** @param {typeof import('@vscode/test-electron')} electron */
async function findVsCode(electron) {
  const named = process.env.VSCODE_EXECUTABLE_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`VSCODE_EXECUTABLE_PATH names ${named}, which does not exist.`);
  }
  try {
    return await electron.downloadAndUnzipVSCode({ timeout: downloadTimeoutMs });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const text = `${code} ${error instanceof Error ? error.message : String(error)}`.trim();
    if (unreachable.test(text)) skip(`VS Code cannot be downloaded here (${code || text}).`);
    throw error;
  }
}

async function main() {
  ensureDependencies();
  const electron = await import('@vscode/test-electron');
  const executable = await findVsCode(electron);
  if (needsDisplay()) return;
  const build = spawnSync(process.execPath, ['esbuild.js', '--production', '--tests'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (build.status !== 0) throw new Error('The build failed; the messages above say why.');
  const workspace = temporaryFolder('desktop');
  cpSync(join(root, 'samples'), join(workspace, 'samples'), { recursive: true });
  try {
    await electron.runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: join(root, 'out/test/host/node.cjs'),
      launchArgs: [
        join(workspace, 'samples'),
        '--disable-extensions',
        '--user-data-dir',
        join(workspace, 'data'),
      ],
    });
  } finally {
    rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
  }
}

main().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

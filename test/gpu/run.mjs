// npm run test:gpu: whether the graphics card's engine gives WebAssembly's numbers, on the desktop and in a browser.
// Needs a Vulkan driver and a Chromium. The software driver that comes with most Chromiums will do.
// A part that cannot run here is a failure that says so.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findBrowser } from '../hosts/browser.mjs';
import { ensureDependencies } from '../hosts/npm.mjs';
import { root } from '../hosts/places.mjs';

const driver = 'vk_swiftshader_icd.json';

/** @param {string} entry @param {'node' | 'browser'} platform */
async function bundle(entry, platform) {
  const { build } = await import('esbuild');
  const outfile = join(root, 'out/gpu', `${entry}.${platform === 'node' ? 'mjs' : 'js'}`);
  await build({
    absWorkingDir: root,
    entryPoints: [`test/gpu/${entry}.ts`],
    outfile,
    bundle: true,
    platform,
    target: 'es2022',
    format: platform === 'node' ? 'esm' : 'iife',
    packages: platform === 'node' ? 'external' : 'bundle',
    tsconfig: 'test/tsconfig.json',
    logLevel: 'warning',
  });
  return outfile;
}

/**
 * Where Chromium keeps a Vulkan driver and its loader, unless the machine names one itself.
 * @param {string} browser
 */
function withDriver(browser) {
  if (process.env.VK_ICD_FILENAMES) return process.env;
  const folders = [
    dirname(realpathSync(browser)),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
  ];
  const folder = folders.find((each) => existsSync(join(each, driver)));
  if (!folder) return process.env;
  return {
    ...process.env,
    VK_ICD_FILENAMES: join(folder, driver),
    LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? join(root, 'out'),
  };
}

ensureDependencies();
const built = spawnSync(process.execPath, ['esbuild.js', '--production'], {
  cwd: root,
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);
const browser = await findBrowser();
const env = { ...withDriver(browser), CHROMIUM_PATH: browser };
await bundle('page', 'browser');
for (const entry of ['desktop', 'browser']) {
  const script = await bundle(entry, 'node');
  const run = spawnSync(process.execPath, [script], { cwd: root, stdio: 'inherit', env });
  console.log(`${run.status === 0 ? '✓' : '✗'} ${entry}`);
  if (run.status !== 0) process.exitCode = 1;
}

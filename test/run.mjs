// npm test: installs what is missing, builds, and runs every layer of tests.
//   npm test -- [--layer unit,host]   only these layers
//   npm test -- --update-pictures     also writes the README's pictures
// Needs nothing but Node and npm until the dependencies are there.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { findBrowser } from './hosts/browser.mjs';
import { installHosts } from './hosts/install.mjs';
import { ensureDependencies } from './hosts/npm.mjs';
import { root } from './hosts/places.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {string} about
 * @property {boolean} browser it needs a Chromium
 * @property {boolean} host it needs VS Code
 */

/** In the order of what fails fastest. @type {Layer[]} */
const layers = [
  { name: 'unit', about: 'the library in plain Node', browser: false, host: false },
  { name: 'webview', about: "the panel's page in Chromium", browser: true, host: false },
  { name: 'protocol', about: 'a connection to the built server', browser: false, host: false },
  { name: 'host', about: 'inside VS Code’s extension hosts', browser: true, host: true },
  { name: 'e2e', about: 'VS Code with the packaged extension', browser: true, host: true },
];

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { layer: { type: 'string' }, 'update-pictures': { type: 'boolean' } },
    });
    const wanted = values.layer?.split(',') ?? layers.map(({ name }) => name);
    const unknown = wanted.find((name) => !layers.some((layer) => layer.name === name));
    if (unknown !== undefined) {
      throw new Error(
        `There is no layer "${unknown}"; there are ${layers.map(({ name }) => name).join(', ')}.`,
      );
    }
    if (values['update-pictures']) process.env.UPDATE_PICTURES = '1';
    return layers.filter(({ name }) => wanted.includes(name));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}

/** @param {Layer[]} chosen */
async function prepare(chosen) {
  ensureDependencies();
  // The bundles that ship are the ones that are tested.
  const build = spawnSync(process.execPath, ['esbuild.js', '--production', '--tests'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (build.status !== 0) throw new Error('The build failed; the messages above say why.');
  if (chosen.some(({ host }) => host)) installHosts();
  if (chosen.some(({ browser }) => browser)) process.env.CHROMIUM_PATH = await findBrowser();
}

/**
 * Runs one layer. One that throws or runs nothing counts as a failure.
 * @param {Layer} layer
 * @returns {Promise<Counts>}
 */
async function runLayer(layer) {
  console.log(`\n── ${layer.name}: ${layer.about}`);
  const start = performance.now();
  const counts = await countsOf(layer.name);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`   ${layer.name}: ${inWords(counts)} (${seconds} s)`);
  return counts;
}

/**
 * @param {string} name
 * @returns {Promise<Counts>}
 */
async function countsOf(name) {
  try {
    // Loaded only now: it needs the dependencies.
    const { runners } = await import('./layers.mjs');
    const counts = await runners[/** @type {keyof typeof runners} */ (name)]();
    if (counts.passed + counts.failed > 0) return counts;
    console.log(`  ✗ The layer "${name}" ran no tests.`);
    return { ...counts, failed: 1 };
  } catch (error) {
    console.log(
      `  ✗ The layer "${name}" broke: ${error instanceof Error ? error.message : String(error)}`,
    );
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** @param {Counts} counts */
function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

async function main() {
  const chosen = readOptions();
  await prepare(chosen);
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const layer of chosen) {
    const counts = await runLayer(layer);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  console.log(`\n${inWords(total)}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

main().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  console.log('\n0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
});

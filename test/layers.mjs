// How each layer of tests runs, and how its results are counted.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser, remoteFile, workbenchAddress } from './hosts/page.mjs';
import { root, temporaryFolder } from './hosts/places.mjs';
import { startServer } from './hosts/server.mjs';
import { quiet } from './hosts/settings.mjs';
import { runSuite } from './hosts/suite.mjs';
import { startWeb } from './hosts/web.mjs';
import { packageExtension, platforms } from '../scripts/package.mjs';

/** @typedef {import('./run.mjs').Counts} Counts */
/** @typedef {import('./hosts/places.mjs').Edition} Edition */

/** A layer that takes longer hangs where mocha cannot see it; the slowest takes two minutes. */
const layerTimeoutMs = 900_000;

/** Only for what hangs: a busy machine with two cores is slow, not wrong. */
const testTimeoutMs = 30_000;

/** What runs each layer. */
export const runners = {
  unit: () => runBeside('unit'),
  webview: () => runBeside('webview'),
  protocol: () => runBeside('protocol'),
  host: runHostSuites,
  e2e: async () => {
    process.env.ATTENTION_LENS_VSIX = packageExtension(join(root, 'out/attention-lens.vsix'));
    const platform = `${process.platform}-${process.arch}`;
    if (platforms.includes(platform)) {
      const file = join(root, 'out', `attention-lens-${platform}.vsix`);
      process.env.ATTENTION_LENS_NATIVE_VSIX = packageExtension(file, platform);
    }
    return runMocha(testFiles('e2e'));
  },
};

/** Layers whose tests wait as much as they compute run in so many processes beside each other. */
const processes = 2;

/**
 * Runs the bundled tests of a layer, every other file in the same process.
 * @param {string} layer
 * @returns {Promise<Counts>}
 */
async function runBeside(layer) {
  const files = testFiles(layer);
  const parts = Array.from({ length: processes }, (_, part) =>
    files.filter((_, at) => at % processes === part),
  );
  return sum(await Promise.all(parts.filter(({ length }) => length > 0).map(runMocha)));
}

/** @param {string} layer */
function testFiles(layer) {
  const folder = join(root, 'out/test', layer);
  return readdirSync(folder, { recursive: true })
    .map((file) => join(folder, String(file)))
    .filter((file) => file.endsWith('.test.cjs'))
    .sort();
}

/**
 * Runs bundled tests in a process of their own.
 * @param {string[]} files
 * @returns {Promise<Counts>}
 */
async function runMocha(files) {
  const folder = temporaryFolder('counts');
  const countsFile = join(folder, 'counts.json');
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/mocha/bin/mocha.js'),
      '--exit',
      ...['--timeout', String(testTimeoutMs)],
      ...['--require', join(root, 'test/properties.cjs')],
      ...['--reporter', join(root, 'test/counting-reporter.cjs')],
      ...files,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, COUNTS_FILE: countsFile } },
  );
  try {
    return result(countsFile, await endOf(child));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The counts that mocha left. A process that died counts as one more failure.
 * @param {string} countsFile
 * @param {string} end how the process ended
 * @returns {Counts}
 */
function result(countsFile, end) {
  if (!existsSync(countsFile)) throw new Error(`mocha ended with ${end} before its first test.`);
  /** @type {{ counts: Counts, running: string | null }} */
  const { counts, running } = JSON.parse(readFileSync(countsFile, 'utf8'));
  if (running === null) return counts;
  console.log(`  ✗ The tests ended with ${end} during "${running}".`);
  return { ...counts, failed: counts.failed + 1 };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<string>}
 */
function endOf(child) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), layerTimeoutMs);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(signal ? `signal ${signal}` : `code ${code}`);
    });
  });
}

/** The same suite in Node extension hosts, the newest and the oldest promised, and in a web worker. */
async function runHostSuites() {
  const browser = await launchBrowser();
  try {
    return sum([
      await runInHost('Node extension host, newest VS Code', (workspace) =>
        inServer(browser, workspace, 'newest'),
      ),
      await runInHost('Node extension host, oldest promised VS Code', (workspace) =>
        inServer(browser, workspace, 'floor'),
      ),
      await runInHost('web extension host, newest VS Code', (workspace) =>
        inWeb(browser, workspace),
      ),
    ]);
  } finally {
    await browser.close();
  }
}

/**
 * @param {string} title
 * @param {(workspace: string) => Promise<import('./hosts/suite.mjs').SuiteResult>} run
 * @returns {Promise<Counts>}
 */
async function runInHost(title, run) {
  const workspace = temporaryFolder('workspace');
  cpSync(join(root, 'samples'), workspace, { recursive: true });
  try {
    const result = await run(workspace);
    return report(title, result);
  } finally {
    rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * @param {string} title
 * @param {import('./hosts/suite.mjs').SuiteResult} result
 * @returns {Counts}
 */
function report(title, { code, lines, other }) {
  const last = lines.at(-1);
  const finished = last?.startsWith('counts ');
  /** @type {Counts} */
  const counts = finished
    ? JSON.parse(/** @type {string} */ (last).slice('counts '.length))
    : { passed: 0, failed: 0, skipped: 0 };
  const consistent = finished && counts.passed > 0 && (code === 0) === (counts.failed === 0);
  console.log(
    `  ${title}: ${counts.passed} passed${counts.failed ? `, ${counts.failed} failed` : ''}`,
  );
  if (counts.failed > 0) console.log(lines.slice(0, -1).join('\n'));
  if (consistent) return counts;
  console.log(
    `  ✗ It ended with code ${code}${finished ? '' : ' before the suite was through'}. The last lines:`,
  );
  console.log([...lines, ...other.slice(-40)].map((line) => `    ${line}`).join('\n'));
  return { ...counts, failed: counts.failed + 1 };
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} workspace
 * @param {Edition} edition
 */
async function inServer(browser, workspace, edition) {
  const server = await startServer({ edition, settings: quiet });
  try {
    const address = workbenchAddress(server, workspace, [
      ['extensionDevelopmentPath', remoteFile(server, root)],
      ['extensionTestsPath', remoteFile(server, join(root, 'out/test/host/node.cjs'))],
      ['enableProposedApi', ''],
      ['skipWelcome', 'true'],
    ]);
    return await runSuite(browser, address);
  } finally {
    await server.stop();
  }
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} workspace
 */
async function inWeb(browser, workspace) {
  const tests = join(root, 'out/test/host/web.js');
  const web = await startWeb({ edition: 'newest', workspace, tests });
  try {
    return await runSuite(browser, web.address);
  } finally {
    await web.stop();
  }
}

/** @param {Counts[]} parts */
function sum(parts) {
  return parts.reduce((total, part) => ({
    passed: total.passed + part.passed,
    failed: total.failed + part.failed,
    skipped: total.skipped + part.skipped,
  }));
}

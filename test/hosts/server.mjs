// Starts VS Code's server from npm: a real Node extension host with the workbench in a browser.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installHosts } from './install.mjs';
import { serverFolder, temporaryFolder } from './places.mjs';

/** @typedef {import('./places.mjs').Edition} Edition */

/**
 * @typedef {object} ServerOptions
 * @property {Edition} edition
 * @property {Record<string, unknown>} settings the user's settings
 * @property {string} [vsix] a packaged extension to install before the start
 * @property {(extensions: string) => void} [prepare] puts extensions into their folder before the start
 * @property {string} [workspace] the folder that opens when the address names none
 * @property {number} [port] 0 (the default) takes a free one
 */

/**
 * @typedef {object} RunningServer
 * @property {string} address without a slash at the end
 * @property {string} authority `host:port`, as in `vscode-remote://` addresses
 * @property {() => Promise<void>} stop ends the server and removes its folders
 * @property {Promise<number | null>} ended
 */

/** How long a start may take before it counts as failed; it takes one second. */
const startTimeoutMs = 60_000;
const stopTimeoutMs = 3_000;

/**
 * Starts a server and waits until it listens.
 * @param {ServerOptions} options
 * @returns {Promise<RunningServer>}
 */
export async function startServer(options) {
  const folder = installHosts();
  const home = temporaryFolder('server');
  const user = join(home, 'data');
  const extensions = join(home, 'extensions');
  mkdirSync(join(user, 'User'), { recursive: true });
  mkdirSync(extensions, { recursive: true });
  writeFileSync(join(user, 'User/settings.json'), JSON.stringify(options.settings, null, 2));
  const main = join(serverFolder(folder, options.edition), 'out/server-main.js');
  const node = nodeFor(folder, options.edition);
  const environment = {
    ...process.env,
    NODE_OPTIONS: '',
    // No gallery: a server in a test asks nobody for anything.
    EXTENSIONS_GALLERY: '{}',
    XDG_RUNTIME_DIR: home,
  };
  const places = [
    '--server-data-dir',
    home,
    '--user-data-dir',
    user,
    '--extensions-dir',
    extensions,
  ];
  options.prepare?.(extensions);
  if (options.vsix) installVsix(node, main, options.vsix, places, environment);
  const child = spawn(node, [main, ...serverFlags(options), ...places], {
    detached: process.platform !== 'win32',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  const stop = async () => {
    await endTree(child, ended);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const port = await listening(child);
    const authority = `127.0.0.1:${port}`;
    return { address: `http://${authority}`, authority, stop, ended };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {ServerOptions} options */
function serverFlags({ port = 0, workspace }) {
  return [
    ...['--host', '127.0.0.1', '--port', String(port)],
    '--without-connection-token',
    '--accept-server-license-terms',
    ...['--telemetry-level', 'off'],
    '--disable-workspace-trust',
    '--disable-update-check',
    '--disable-getting-started-override',
    // Without it, newer builds ignore the extension and the tests named in the address.
    '--enable-smoke-test-driver',
    ...(workspace ? ['--default-folder', workspace] : []),
  ];
}

/**
 * The Node that runs an edition: the newest VS Code needs Node 22.15, which npm has as a package.
 * @param {string} folder
 * @param {Edition} edition
 */
function nodeFor(folder, edition) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (edition === 'floor' || major > 22 || (major === 22 && minor >= 15)) return process.execPath;
  const place = `${process.platform}-${process.arch}`;
  const require = createRequire(join(folder, 'package.json'));
  for (const name of [
    `node-${place}`,
    `node-bin-${place}`,
    `node-${place.replace('win32', 'win')}`,
  ]) {
    try {
      const packageFolder = join(require.resolve(`${name}/package.json`), '..');
      return join(packageFolder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    } catch {
      continue;
    }
  }
  throw new Error(
    `The newest VS Code needs Node 22.15 and npm has none for ${place}: install Node 22.15 or later and run this again.`,
  );
}

/**
 * @param {string} node
 * @param {string} main
 * @param {string} vsix
 * @param {string[]} places
 * @param {NodeJS.ProcessEnv} environment
 */
function installVsix(node, main, vsix, places, environment) {
  const run = spawnSync(
    node,
    [main, '--accept-server-license-terms', ...places, '--install-extension', vsix, '--force'],
    { env: environment, encoding: 'utf8' },
  );
  if (run.status !== 0 || !/successfully installed/.test(run.stdout)) {
    throw new Error(`VS Code refused to install ${vsix}:\n${run.stdout}${run.stderr}`);
  }
}

/**
 * Resolves with the port once the server listens.
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child
 * @returns {Promise<number>}
 */
function listening(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (/** @type {string} */ why) =>
      reject(new Error(`VS Code's server ${why}:\n${output.slice(-2000)}`));
    const timer = setTimeout(() => fail('did not start within a minute'), startTimeoutMs);
    const read = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString()).slice(-20_000);
      const port = /listening on (\d+)/.exec(output)?.[1];
      if (!port) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with code ${code}`);
    });
  });
}

/**
 * Ends the server with its extension hosts; kills what does not end.
 * @param {import('node:child_process').ChildProcess} child
 * @param {Promise<unknown>} ended
 */
async function endTree(child, ended) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const pid = child.pid;
  const signal = (/** @type {NodeJS.Signals} */ name) => {
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, name);
    } catch {
      // It is gone already.
    }
  };
  signal('SIGTERM');
  const timer = setTimeout(() => signal('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}

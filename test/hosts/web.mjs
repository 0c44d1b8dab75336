// Starts VS Code for the Web: no server behind it, extensions run in a web worker.
import { fork } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { installHosts } from './install.mjs';
import { recipe, root } from './places.mjs';
import { webBuild } from './webbuild.mjs';

/**
 * @typedef {object} WebOptions
 * @property {import('./places.mjs').Edition} edition
 * @property {string} workspace the folder that is mounted (changes stay in the browser)
 * @property {string} [extension] the unpacked extension; this repository when not given
 * @property {string} [tests] a bundled test module
 * @property {boolean} [isolated] cross-origin isolation, which shared memory needs
 * @property {number} [port]
 */

/**
 * @param {WebOptions} options
 * @returns {Promise<{ address: string, stop(): Promise<void>, ended: Promise<void> }>}
 */
export async function startWeb(options) {
  const folder = installHosts();
  const { commit, data } = webBuild(folder, options.edition);
  const port = options.port || (await freePort());
  const settings = {
    browserType: 'none',
    quality: 'stable',
    commit,
    testRunnerDataDir: data,
    extensionDevelopmentPath: options.extension ?? root,
    extensionTestsPath: options.tests,
    folderPath: options.workspace,
    port,
    coi: options.isolated ?? true,
  };
  const child = fork(join(recipe, 'web-process.mjs'), [folder, JSON.stringify(settings)], {
    silent: true,
  });
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => child.once('exit', () => resolve()));
  await ready(child);
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  // Not 127.0.0.1: webviews live on subdomains of localhost.
  return { address: `http://localhost:${port}`, stop, ended };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<void>}
 */
function ready(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('message', () => resolve());
    child.once('exit', (code) =>
      reject(new Error(`VS Code for the Web ended with code ${code}:\n${output}`)),
    );
  });
}

/**
 * A port that nobody listens on: the wanted one if it is free, else any.
 * @param {number} [wanted]
 * @returns {Promise<number>}
 */
export function freePort(wanted = 0) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort())));
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

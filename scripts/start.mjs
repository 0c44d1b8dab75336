// npm start: a real VS Code in the browser, with this extension and the samples.
//   npm start -- [--port N] [--web]
// --web runs VS Code for the Web, where the extension runs in a web worker.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies } from '../test/hosts/npm.mjs';
import { root } from '../test/hosts/places.mjs';
import { startServer } from '../test/hosts/server.mjs';
import { friendly } from '../test/hosts/settings.mjs';
import { freePort, startWeb } from '../test/hosts/web.mjs';

/** The first port tried, so that the address stays the same from start to start. */
const usualPort = 8451;

/**
 * VS Code for the Web takes no settings from here, and would open its own welcome page: the address
 * names a file to open instead, in the folder as test-web mounts it.
 */
const firstFile = new URLSearchParams({
  payload: JSON.stringify([['openFile', 'vscode-test-web://mount/README.txt']]),
}).toString();

/** What the command line asks for. Ends the program when it asks for something else. */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string' }, web: { type: 'boolean' } },
    });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
      throw new Error(`--port takes a number from 1 to 65535, not "${values.port}".`);
    }
    return { port, web: values.web ?? false };
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : String(error)}\nUsage: npm start -- [--port N] [--web]`,
    );
    process.exit(2);
  }
}

/** @param {string} extensions */
function linkExtension(extensions) {
  /** @type {{ publisher: string, name: string, version: string }} */
  const { publisher, name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  symlinkSync(root, join(extensions, `${publisher}.${name}-${version}`), 'junction');
}

/** @param {number | undefined} asked */
async function choosePort(asked) {
  if (asked !== undefined) {
    if ((await freePort(asked)) === asked) return asked;
    throw new Error(
      `Port ${asked} is in use. Name another one with --port, or none to take a free one.`,
    );
  }
  return freePort(usualPort);
}

/** What a visitor types is saved at once, and must not end in the repository. */
function copyOfSamples() {
  const folder = mkdtempSync(join(tmpdir(), 'attention-lens-'));
  const samples = join(folder, 'samples');
  cpSync(join(root, 'samples'), samples, { recursive: true });
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return samples;
}

async function main() {
  const { port: asked, web } = readOptions();
  const port = await choosePort(asked);
  ensureDependencies();
  const build = spawnSync(process.execPath, ['esbuild.js'], { cwd: root, stdio: 'inherit' });
  if (build.status !== 0) throw new Error('The build failed; the messages above say why.');
  const workspace = copyOfSamples();
  const running = await start({ port, workspace, web: web || noServerHere() });
  console.log(
    `\nAttention Lens runs at ${running.address} – open it in a browser; Ctrl+C stops it.\n`,
  );
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => void running.stop().then(() => process.exit(0)));
  }
  await running.ended;
  await running.stop();
  throw new Error('VS Code ended by itself; run npm start again.');
}

/** @param {{ port: number, workspace: string, web: boolean }} options */
async function start({ port, workspace, web }) {
  if (web) {
    const running = await startWeb({ edition: 'newest', workspace, port });
    return { ...running, address: `${running.address}/?${firstFile}` };
  }
  const running = await startServer({
    edition: 'newest',
    settings: friendly,
    workspace,
    port,
    prepare: linkExtension,
  });
  return { ...running, address: `${running.address}/` };
}

function noServerHere() {
  if (process.platform !== 'win32') return false;
  console.log(
    'The server build of VS Code from npm does not run on Windows: starting VS Code for the Web instead.',
  );
  return true;
}

main().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

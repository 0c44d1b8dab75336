// Finds a Chromium, or installs one.
//
// In this order: $CHROMIUM_PATH, an installed Chromium, Chrome or Edge, one that
// Playwright downloaded, one that npm carries, the Debian package when we are root.
// Each is started once, so that one with missing libraries does not count.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { npm } from './npm.mjs';
import { cache, recipe } from './places.mjs';

const commands = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
];

/**
 * The path of a Chromium that starts. Throws an error that says what to do when none can be had.
 * @returns {Promise<string>}
 */
export async function findBrowser() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (starts(named)) return named;
    throw new Error(
      `CHROMIUM_PATH names ${named}, which does not start. Name another one or unset it.`,
    );
  }
  const present = [...onPath(), ...usualPlaces(), ...playwrightDownloads()].find(starts);
  const found = present ?? (await fromNpm()) ?? fromDebian();
  if (found) return found;
  throw new Error(
    'The tests need a Chromium and none was found or could be installed. ' +
      'Install Chromium, Chrome or Edge, or name one with CHROMIUM_PATH, and run this again.',
  );
}

/** @param {string} file */
function starts(file) {
  if (!existsSync(file)) return false;
  // On Windows the program hands over to a window and prints nothing.
  if (process.platform === 'win32') return true;
  const run = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return run.status === 0 && /chrom|edge/i.test(run.stdout);
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return commands.flatMap((command) => folders.map((folder) => join(folder, command)));
}

function usualPlaces() {
  const programs = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap(
    (name) => process.env[name] ?? [],
  );
  /** @type {Partial<Record<NodeJS.Platform, string[]>>} */
  const places = {
    darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    ),
    win32: programs.flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
  };
  return places[process.platform] ?? [];
}

/** Browsers in Playwright's cache, newest first. */
function playwrightDownloads() {
  /** @type {Partial<Record<NodeJS.Platform, string>>} */
  const caches = {
    darwin: join(homedir(), 'Library/Caches/ms-playwright'),
    win32: join(process.env.LOCALAPPDATA ?? homedir(), 'ms-playwright'),
    linux: join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ms-playwright'),
  };
  const folder = process.env.PLAYWRIGHT_BROWSERS_PATH ?? caches[process.platform];
  if (!folder || !existsSync(folder)) return [];
  const inside = [
    'chrome-linux/headless_shell',
    'chrome-headless-shell-linux64/chrome-headless-shell',
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-mac/headless_shell',
    'chrome-headless-shell-mac-arm64/chrome-headless-shell',
    'chrome-headless-shell-mac-x64/chrome-headless-shell',
    'chrome-win/headless_shell.exe',
    'chrome-headless-shell-win64/chrome-headless-shell.exe',
  ];
  return readdirSync(folder)
    .filter((name) => name.startsWith('chromium'))
    .sort((a, b) => b.localeCompare(a, undefined, { numeric: true }))
    .flatMap((name) => inside.map((file) => join(folder, name, file)));
}

/** The build that the npm package @sparticuz/chromium carries (Linux on x64 only). */
async function fromNpm() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const folder = join(cache, 'chromium');
  try {
    if (!existsSync(join(folder, 'node_modules/.package-lock.json'))) {
      console.log('No browser found: installing the one that npm carries (75 MB) …');
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      for (const file of ['package.json', 'package-lock.json'])
        cpSync(join(recipe, 'chromium', file), join(folder, file));
      npm(['ci', '--ignore-scripts'], folder);
    }
    const entry = createRequire(join(folder, 'package.json')).resolve('@sparticuz/chromium');
    /** @type {{ default: { executablePath(): Promise<string> } }} */
    const { default: chromium } = await import(pathToFileURL(entry).href);
    const file = await chromium.executablePath();
    if (starts(file)) return file;
    console.log(
      'The browser from npm does not start here: system libraries such as libnss3 are missing.',
    );
  } catch (error) {
    console.log(
      `The browser from npm could not be installed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return null;
}

/** Debian's package, when this process may install packages. */
function fromDebian() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  if (spawnSync('apt-get', ['--version']).status !== 0) return null;
  console.log('Installing the Debian package chromium-headless-shell …');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const parameters of [
    ['update', '-qq'],
    [
      'install',
      '-y',
      '-qq',
      '--no-install-recommends',
      'chromium-headless-shell',
      'fonts-dejavu-core',
    ],
  ]) {
    const run = spawnSync('apt-get', parameters, { env: environment, encoding: 'utf8' });
    if (run.status !== 0) {
      console.log(`"apt-get ${parameters.join(' ')}" failed: ${run.stderr.trim()}`);
      return null;
    }
  }
  return onPath().find(starts) ?? null;
}

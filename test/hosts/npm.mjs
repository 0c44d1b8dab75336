// Runs npm from plain Node, and brings node_modules up to date with the lock file.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

/**
 * Runs npm and waits. Throws an error with npm's own output when it fails.
 * @param {string[]} parameters
 * @param {string} folder
 */
export function npm(parameters, folder) {
  const cli = process.env.npm_execpath;
  const direct = cli?.endsWith('.js');
  const run = spawnSync(
    direct ? process.execPath : 'npm',
    [...(direct && cli ? [cli] : []), ...parameters, '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: folder,
      encoding: 'utf8',
      env: outerEnvironment(),
      shell: !direct && process.platform === 'win32',
    },
  );
  if (run.status === 0) return;
  const reason = run.error?.message ?? `${run.stdout}${run.stderr}`.trim();
  throw new Error(`"npm ${parameters.join(' ')}" failed in ${folder}:\n${reason}`);
}

/** The environment without what an outer `npm run` put there: its settings are for another folder. */
function outerEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^npm_(package|lifecycle|command|config_(local_prefix|prefix|workspace))/.test(name),
    ),
  );
}

/** Installs the project's own dependencies when they are missing or older than the lock file. */
export function ensureDependencies() {
  const missing = firstDifference();
  if (missing === null) return;
  console.log(`Installing the dependencies (${missing}) …`);
  npm(['ci'], root);
}

/** What is not as the lock file says, in words; null when everything is. */
function firstDifference() {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return 'there are none yet';
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(record);
  for (const [place, { version, optional }] of Object.entries(wanted)) {
    if (place === '' || (optional && !present[place])) continue;
    if (present[place]?.version !== version)
      return `${place.replace(/^node_modules\//, '')} is not ${version}`;
  }
  return null;
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

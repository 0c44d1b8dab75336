// Where things are: the repository, the installed VS Code builds, and the temporary folders.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The repository's root. npm runs every script there, and so do these programs. */
export const root = process.cwd();

/** @type {unknown} */
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
if (/** @type {{ name?: string }} */ (manifest).name !== 'attention-lens') {
  throw new Error('Run this from the root folder of the Attention Lens repository.');
}

/** The files that say which builds are installed. */
export const recipe = join(root, 'test/hosts');

/** Everything downloaded for running and testing; git ignores it and it may be deleted at any time. */
export const cache = join(recipe, '.cache');

/** Editions of VS Code: the newest from npm, and the oldest that `engines.vscode` promises. */
export const editions = /** @type {const} */ (['newest', 'floor']);

/** @typedef {(typeof editions)[number]} Edition */

/**
 * The folder of one state of the recipe. Its name is the hash of what is in it,
 * so a folder that exists is complete and current.
 */
export function installedFolder() {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json', 'install.mjs', 'webbuild.mjs']) {
    hash.update(readFileSync(join(recipe, file)));
  }
  return join(cache, `hosts-${hash.digest('hex').slice(0, 12)}`);
}

/**
 * The VS Code server of an edition inside an installed (or just being installed) folder.
 * @param {string} folder
 * @param {Edition} edition
 */
export function serverFolder(folder, edition) {
  return join(folder, 'node_modules', `vscode-${edition}`, 'lib/vscode');
}

/**
 * A fresh folder in the system's place for temporary files.
 * @param {string} purpose
 */
export function temporaryFolder(purpose) {
  return realpathSync(mkdtempSync(join(tmpdir(), `attention-lens-${purpose}-`)));
}

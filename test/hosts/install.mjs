// Installs the VS Code builds that the tests and `npm start` run, once per state of the recipe.
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { cache, editions, installedFolder, recipe, serverFolder } from './places.mjs';
import { buildWeb } from './webbuild.mjs';

/**
 * Parts of VS Code's server that need an account, a compiler or a second program.
 * Neither the workbench nor our tests use them, and they are half of its size.
 */
const left = [
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'node_modules/@devcontainers',
  'node_modules/@vscode/windows-process-tree',
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
  'extensions/microsoft-authentication',
  'extensions/ms-vscode.js-debug',
  'extensions/ms-vscode.vscode-js-profile-table',
];

/** Installs what is missing and returns the folder with the builds. */
export function installHosts() {
  const folder = installedFolder();
  if (existsSync(folder)) return folder;
  console.log('Installing VS Code from npm (once, about 700 MB in test/hosts/.cache) …');
  const incoming = join(cache, `incoming-${process.pid}`);
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { recursive: true });
  try {
    fill(incoming);
    takeOver(incoming, folder);
  } finally {
    rmSync(incoming, { recursive: true, force: true });
  }
  removeOldFolders(folder);
  return folder;
}

/** @param {string} folder */
function fill(folder) {
  for (const file of ['package.json', 'package-lock.json', '.npmrc'])
    cpSync(join(recipe, file), join(folder, file));
  npm(['ci', '--ignore-scripts'], folder);
  for (const edition of editions) {
    const server = serverFolder(folder, edition);
    // Not `npm ci`: the lists that the packages bring along do not agree with each other.
    npm(['install', '--omit=dev', '--ignore-scripts'], server);
    for (const part of left) rmSync(join(server, part), { recursive: true, force: true });
    buildWeb(folder, edition);
  }
}

/**
 * Gives the finished folder its final name. Another program may have been faster: then its folder stays.
 * @param {string} incoming
 * @param {string} folder
 */
function takeOver(incoming, folder) {
  try {
    renameSync(incoming, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** @param {string} current */
function removeOldFolders(current) {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    if (name.startsWith('hosts-') && folder !== current)
      rmSync(folder, { recursive: true, force: true });
  }
}

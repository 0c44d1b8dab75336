// A Chromium with pages for VS Code's workbench.
import { chromium } from 'playwright-core';
import { findBrowser } from './browser.mjs';

/** Software rendering for WebGL and WebGPU, and none of the browser's own errands. */
const flags = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

/** Starts a headless browser. */
export async function launchBrowser() {
  return chromium.launch({ executablePath: await findBrowser(), headless: true, args: flags });
}

/**
 * The address of a workbench with a folder open.
 * @param {import('./server.mjs').RunningServer} server
 * @param {string} folder an absolute path
 * @param {[name: string, value: string][]} [payload] what the workbench is told beyond that
 */
export function workbenchAddress(server, folder, payload = []) {
  const query = new URLSearchParams({ folder });
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `${server.address}/?${query}`;
}

/**
 * The address of a file on the server, as the workbench writes it.
 * @param {import('./server.mjs').RunningServer} server
 * @param {string} file an absolute path
 */
export function remoteFile(server, file) {
  return `vscode-remote://${server.authority}${file}`;
}

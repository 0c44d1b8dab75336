// Makes VS Code for the Web out of the server's files.
//
// The server's workbench bundle holds the whole web workbench; its entry only
// lacks exports and always connects to a server. We append an entry that exports
// what @vscode/test-web asks for, in the folder layout that it takes for its own
// download cache. The minified names are found by the code around them; if a new
// VS Code moves them, this fails at once and says which one is gone.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { serverFolder } from './places.mjs';

/** @typedef {import('./places.mjs').Edition} Edition */

/**
 * Where the web builds of an edition are: `commit` is what test-web is told to "download".
 * @param {string} folder the installed builds
 * @param {Edition} edition
 */
export function webBuild(folder, edition) {
  /** @type {{ commit: string }} */
  const product = JSON.parse(
    readFileSync(join(serverFolder(folder, edition), 'product.json'), 'utf8'),
  );
  return { commit: product.commit, data: join(folder, 'web') };
}

/**
 * @param {string} folder the installed builds
 * @param {Edition} edition
 */
export function buildWeb(folder, edition) {
  const server = serverFolder(folder, edition);
  const source = readFileSync(join(server, 'out/vs/code/browser/workbench/workbench.js'), 'utf8');
  const workbench = join(server, 'out/vs/workbench');
  writeFileSync(join(workbench, 'workbench.web.main.internal.js'), withWebEntry(source));
  writeFileSync(
    join(workbench, 'workbench.web.main.internal.css'),
    '@import url("../code/browser/workbench/workbench.css");',
  );
  const { commit, data } = webBuild(folder, edition);
  const name = `vscode-web-stable-${commit}`;
  const target = join(data, name);
  mkdirSync(target, { recursive: true });
  for (const part of ['out', 'extensions', 'node_modules']) {
    symlinkSync(
      process.platform === 'win32' ? join(server, part) : relative(target, join(server, part)),
      join(target, part),
      'junction',
    );
  }
  writeFileSync(join(target, 'package.json'), '{"type":"module"}');
  writeFileSync(join(target, 'version'), name);
}

/** @param {string} source */
function withWebEntry(source) {
  const marker = source.lastIndexOf('getElementById("vscode-workbench-web-configuration")');
  const start = source.lastIndexOf('(function(){', marker);
  if (marker < 0 || start < 0)
    throw new Error('No entry of the web workbench found in this VS Code build.');
  const entry = source.slice(start);
  const create = nameIn(entry, 'create', /([\w$]+)\([\w$]+\.document\.body,\{/);
  const uri = nameIn(entry, 'URI', /=([\w$]+)\.parse\(new URL\(/);
  const emitter = nameIn(
    entry,
    'Emitter',
    /tunnelFactory:\([^)]*\)=>\{(?:let|const) [\w$]+=new ([\w$]+)/,
  );
  const rest = entry
    .slice(entry.lastIndexOf('})();') + 5)
    .replace(/export\s*\{[^}]*\};?/, '')
    .replace(/\/\/# sourceMappingURL.*/g, '');
  return (
    withLocalUserData(source.slice(0, start)) +
    // A long name: short ones collide with the minified names around it.
    `function $attentionLensCreate(el,o){return ${create}(el,{userDataPath:'/',` +
    `isEnabledFileDownloads:true,isEnabledFileUploads:true,isEnabledCoderGettingStarted:false,` +
    `webviewEndpoint:globalThis._VSCODE_FILE_ROOT+'vs/workbench/contrib/webview/browser/pre',...o})}` +
    `export{$attentionLensCreate as create,${uri} as URI,${emitter} as Emitter};` +
    rest
  );
}

/**
 * Keeps the user's settings in the browser instead of in a server's folder.
 * @param {string} body
 */
function withLocalUserData(body) {
  const changed = body.replace(
    /\.file\(this\.userDataPath\)\.with\(\{scheme:[\w$.]+\}\),"User"\)/,
    '.file("/").with({scheme:"vscode-userdata"}),"User")',
  );
  if (changed === body)
    throw new Error('The place of the user data was not found in this VS Code build.');
  return changed;
}

/**
 * @param {string} code
 * @param {string} what
 * @param {RegExp} pattern
 */
function nameIn(code, what, pattern) {
  const name = pattern.exec(code)?.[1];
  if (!name) throw new Error(`The name of "${what}" was not found in this VS Code build.`);
  return name;
}

// Writes THIRD_PARTY_NOTICES.txt from what the bundles really hold.
//   node scripts/notices.mjs [--check]   with --check only compares, for npm run lint
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../test/hosts/places.mjs';

const require = createRequire(import.meta.url);
/** @type {{ bundledFiles(): Promise<string[]> }} */
const { bundledFiles } = require('../esbuild.js');

const target = join(root, 'THIRD_PARTY_NOTICES.txt');

/** Packages whose files ship without going through the bundler. */
const copied = {
  'node_modules/onnxruntime-web':
    'Its WebAssembly file holds further libraries; https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt lists them.',
  'node_modules/onnxruntime-node':
    'Its binaries, in the packages for one platform, hold further libraries; https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt lists them. Those for Windows come with DirectML (Microsoft, redistributable) and the DirectX Shader Compiler (University of Illinois/NCSA, https://github.com/microsoft/DirectXShaderCompiler/blob/main/LICENSE.TXT).',
  'node_modules/@vscode/codicons':
    'The icon font is under CC-BY-4.0, the code around it under MIT.',
  'node_modules/assemblyscript': 'A part of its standard library is compiled into our WebAssembly.',
};

/** @param {string} holder */
const mit = (holder) => `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

/** Who holds the rights of packages that come without a licence file. All are under MIT. */
const holders = {
  'onnxruntime-node': 'Microsoft Corporation',
  'onnxruntime-web': 'Microsoft Corporation',
  'onnxruntime-common': 'Microsoft Corporation',
  '@vscode/l10n': 'Microsoft Corporation',
  'proxy-agent-negotiate': 'Nathan Rajlich <nathan@tootallnate.net>',
};

/**
 * The innermost package that a bundled file belongs to; null for our own files.
 * @param {string} file
 */
function packageOf(file) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? null;
}

/** @param {string} folder */
function noticeOf(folder) {
  /** @type {{ name: string, version: string, license?: string }} */
  const { name, version, license } = JSON.parse(
    readFileSync(join(root, folder, 'package.json'), 'utf8'),
  );
  const remark = copied[/** @type {keyof typeof copied} */ (folder)];
  return {
    name: `${name} ${version}`,
    text: [
      `${name} ${version} (${license ?? 'see below'})`,
      ...(remark ? [remark] : []),
      '',
      licenceText(folder, name, license),
    ].join('\n'),
  };
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {string | undefined} license
 */
function licenceText(folder, name, license) {
  const files = readdirSync(join(root, folder)).filter((file) =>
    /^(licen[cs]e|notice|third-?party-?notices)/i.test(file),
  );
  if (files.length > 0)
    return files
      .sort()
      .map((file) => clean(readFileSync(join(root, folder, file), 'utf8')))
      .join('\n\n');
  const holder = holders[/** @type {keyof typeof holders} */ (name)];
  if (holder && license === 'MIT') return mit(holder);
  throw new Error(
    `${name} (${license ?? 'no licence'}) has no licence file: look its terms up and add them to scripts/notices.mjs.`,
  );
}

/** @param {string} text */
function clean(text) {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .trim();
}

/** The bundled models with their notices. */
function modelNotices() {
  return readdirSync(join(root, 'models')).flatMap((model) => {
    const folder = join(root, 'models', model);
    const files = ['NOTICE', 'LICENSE'].filter((file) => existsSync(join(folder, file)));
    if (files.length === 0) return [];
    const text = files.map((file) => clean(readFileSync(join(folder, file), 'utf8'))).join('\n\n');
    return [{ name: model, text: `Model ${model}\n\n${text}` }];
  });
}

async function notices() {
  const packages = new Set(
    [...(await bundledFiles()).map(packageOf), ...Object.keys(copied)].filter(
      (folder) => folder !== null,
    ),
  );
  const parts = [...packages].map(noticeOf).sort((a, b) => (a.name < b.name ? -1 : 1));
  const unique = new Map([...parts, ...modelNotices()].map(({ name, text }) => [name, text]));
  return (
    [
      'Attention Lens contains the following software and models of others.',
      'This file is made by "npm run notices" from what is bundled; do not edit it.',
      ...unique.values(),
    ].join(`\n\n${'='.repeat(80)}\n\n`) + '\n'
  );
}

const wanted = await notices();
const present = existsSync(target) ? readFileSync(target, 'utf8') : '';
if (wanted !== present && process.argv.includes('--check')) {
  console.error(
    'THIRD_PARTY_NOTICES.txt is not what is bundled now: run "npm run notices" and commit the file.',
  );
  process.exitCode = 1;
} else if (wanted !== present) {
  writeFileSync(target, wanted);
  console.log('THIRD_PARTY_NOTICES.txt written.');
}

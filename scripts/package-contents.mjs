// What a package may hold, what it must hold, and how big it may be.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { unzipSync } from 'fflate';

/** @type {{ filesFor(platform: string): string[] }} */
const { filesFor } = createRequire(import.meta.url)('./native.js');

/** With the bundled model; more than this needs a reason. */
const largestBytes = 52e6;

/** With a native engine. Those for Windows bring a compiler for the graphics card along. */
const largestNativeBytes = { linux: 70e6, darwin: 70e6, win32: 85e6 };

/** Every file of a package matches one of these. */
const allowed = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/package(\.nls(\.[\w-]+)?)?\.json$/,
  /^extension\/(readme|changelog)\.md$/i,
  /^extension\/(LICENSE|THIRD_PARTY_NOTICES)\.txt$/,
  /^extension\/l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
  /^extension\/media\/[\w-]+\.(png|svg|md)$/,
  /^extension\/media\/walkthrough\/[\w-]+\.(png|svg|md)$/,
  /^extension\/models\/[\w.-]+\/[\w.-]+$/,
  /^extension\/samples\/lighthouse\.txt$/,
  /^extension\/samples\/chapter\/(attention\.py|numbers\.csv)$/,
  /^extension\/dist\/(client|client\.web|server\.web|engine|engine\.web|gpu\.web|panel|attention-lens-server)\.js$/,
  /^extension\/dist\/ort-wasm-simd-threaded(\.jspi)?\.wasm$/,
  /^extension\/dist\/ort-wasm-simd-threaded\.mjs$/,
  /^extension\/dist\/codicon\.(ttf|css)$/,
  /^extension\/dist\/[\w-]+\.css$/,
];

/** Without any of these the extension would not work or must not be given away. */
const needed = [
  'extension/package.json',
  'extension/package.nls.json',
  'extension/LICENSE.txt',
  'extension/THIRD_PARTY_NOTICES.txt',
  'extension/dist/client.js',
  'extension/dist/client.web.js',
  'extension/dist/attention-lens-server.js',
  'extension/dist/server.web.js',
  'extension/dist/engine.js',
  'extension/dist/engine.web.js',
  'extension/dist/panel.js',
  'extension/dist/ort-wasm-simd-threaded.wasm',
  'extension/models/all-minilm-l6-v2/manifest.json',
  'extension/samples/lighthouse.txt',
  'extension/samples/chapter/attention.py',
  'extension/samples/chapter/numbers.csv',
];

/**
 * Names of the files in a package.
 * @param {string} file
 */
export function contentsOf(file) {
  /** @type {string[]} */
  const names = [];
  unzipSync(readFileSync(file), {
    filter: ({ name }) => {
      names.push(name);
      return false;
    },
  });
  return names;
}

/**
 * Throws an error that names everything that is wrong with a package.
 * @param {string} file
 * @param {string} [platform] whose native engine it holds
 */
export function checkContents(file, platform) {
  const names = contentsOf(file);
  const size = statSync(file).size;
  const native = platform ? nativeFiles(platform) : [];
  const most = mostBytes(platform);
  const wrong = [
    ...names
      .filter((name) => !native.includes(name) && !allowed.some((kind) => kind.test(name)))
      .map((name) => `${name} does not belong into the package.`),
    ...[...needed, ...native]
      .filter((name) => !names.includes(name))
      .map((name) => `${name} is missing in the package.`),
    ...(size > most ? [`It has ${size} bytes, more than ${most}.`] : []),
  ];
  if (wrong.length > 0)
    throw new Error(`The package is not as it should be:\n  ${wrong.join('\n  ')}`);
}

/** @param {string} platform */
function nativeFiles(platform) {
  return [...filesFor(platform), 'files.json'].map(
    (name) => `extension/dist/native/${platform}/${name}`,
  );
}

/** @param {string} [platform] */
function mostBytes(platform) {
  const system = platform?.split('-')[0];
  return (
    largestNativeBytes[/** @type {keyof typeof largestNativeBytes} */ (system)] ?? largestBytes
  );
}

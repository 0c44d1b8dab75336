// The native engine's binaries: what ships for which platform, and how the engine's bundle finds them.
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const binaries = path.join(root, 'node_modules/onnxruntime-node/bin/napi-v6');

/** Platforms that ONNX Runtime ships a binary for, by the names that VS Code gives them. */
const platforms = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

/** The platform that this runs on, whether there is a binary for it or not. */
const host = `${process.platform}-${process.arch}`;

/** The same library under the name of its full version; the binding asks for the other one. */
const duplicate = /^libonnxruntime\.\d+\.\d+\.\d+\.dylib$/;

/** @param {string} platform */
function folderOf(platform) {
  return path.join(binaries, ...platform.split('-'));
}

/**
 * Names of the files that a platform needs.
 * @param {string} platform
 */
function filesFor(platform) {
  const folder = folderOf(platform);
  if (!platforms.includes(platform) || !fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).filter((file) => !duplicate.test(file));
}

/**
 * Copies a platform's files into `dist/native/<platform>/`, with a list of their
 * SHA-256 by which the engine tells whether they are whole. Does nothing where
 * there are none.
 * @param {string} platform
 * @param {string} dist
 */
function copyNative(platform, dist) {
  const names = filesFor(platform);
  const target = path.join(dist, 'native', platform);
  const list = path.join(target, 'files.json');
  if (names.length === 0 || isCurrent(platform, names, list)) return;
  fs.mkdirSync(target, { recursive: true });
  /** @type {Record<string, string>} */
  const hashes = {};
  for (const name of names) {
    const bytes = fs.readFileSync(path.join(folderOf(platform), name));
    hashes[name] = createHash('sha256').update(bytes).digest('hex');
    // Not over the old file, which a running engine may have mapped.
    fs.rmSync(path.join(target, name), { force: true });
    fs.writeFileSync(path.join(target, name), bytes);
  }
  fs.writeFileSync(list, JSON.stringify(hashes, null, 2));
}

/**
 * @param {string} platform
 * @param {string[]} names
 * @param {string} list
 */
function isCurrent(platform, names, list) {
  if (!fs.existsSync(list)) return false;
  const made = fs.statSync(list).mtimeMs;
  return names.every((name) => fs.statSync(path.join(folderOf(platform), name)).mtimeMs < made);
}

/** The binding's own search for its binary, which would make a bundler take all of them in. */
const search = /require\(`\.\.\/bin\/napi-v6\/[^)]*`\)/;

/** Has the bundle load the binary that ships beside it. @type {import('esbuild').Plugin} */
const nativeBinding = {
  name: 'native-binding',
  setup(build) {
    build.onLoad({ filter: /onnxruntime-node[\\/]dist[\\/]binding\.js$/ }, ({ path: file }) => {
      const source = fs.readFileSync(file, 'utf8');
      if (!search.test(source)) throw new Error(`${file} loads its binary in another way now.`);
      const ours = path.join(root, 'server/engine/backends/nativeBinding.node.ts');
      return {
        contents: source.replace(search, () => `require(${JSON.stringify(ours)}).loadBinding()`),
        resolveDir: path.dirname(file),
      };
    });
  },
};

module.exports = { copyNative, filesFor, host, nativeBinding, platforms };

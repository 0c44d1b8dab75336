// Bundles the tests into out/test/; esbuild.js calls it with --tests.
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');

const root = path.join(__dirname, '..');

/** Folders whose *.test.ts files run in plain Node, one bundle each. */
const layers = ['test/unit', 'test/webview', 'test/protocol', 'test/e2e'];

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  absWorkingDir: root,
  logLevel: 'warning',
  sourcemap: 'inline',
  loader: { '.wasm': 'binary' },
  // It knows the decorators of the panel's components.
  tsconfig: 'webview/tsconfig.json',
};

/** @param {string} folder */
function testFiles(folder) {
  if (!fs.existsSync(path.join(root, folder))) return [];
  return fs
    .readdirSync(path.join(root, folder), { recursive: true })
    .map((file) => `${folder}/${String(file).replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
}

/** The module "host-suites": every suite of the extension host, so that none can be forgotten. @type {import('esbuild').Plugin} */
const hostSuites = {
  name: 'host-suites',
  setup(build) {
    build.onResolve({ filter: /^host-suites$/ }, ({ path: name }) => ({
      path: name,
      namespace: 'host-suites',
    }));
    build.onLoad({ filter: /.*/, namespace: 'host-suites' }, () => ({
      contents: testFiles('test/host')
        .map((file) => `import './${file}';`)
        .join('\n'),
      resolveDir: root,
    }));
  },
};

/**
 * mocha's build for browsers is a script, in a package that calls all its files modules.
 * @type {import('esbuild').Plugin}
 */
const browserMocha = {
  name: 'browser-mocha',
  setup(build) {
    build.onResolve({ filter: /^mocha$/ }, () => ({ path: 'mocha', namespace: 'browser-mocha' }));
    build.onLoad({ filter: /.*/, namespace: 'browser-mocha' }, () => ({
      contents:
        fs.readFileSync(path.join(root, 'node_modules/mocha/mocha.js'), 'utf8') +
        '\nmodule.exports = globalThis.Mocha;',
    }));
  },
};

async function buildHostTests() {
  if (testFiles('test/host').length === 0) return;
  /** @type {import('esbuild').BuildOptions} */
  const suite = { ...shared, entryPoints: ['test/host/run.ts'], format: 'cjs' };
  await Promise.all([
    esbuild.build({
      ...suite,
      platform: 'node',
      target: 'node20',
      outfile: 'out/test/host/node.cjs',
      external: ['vscode', 'mocha'],
      plugins: [hostSuites],
    }),
    esbuild.build({
      ...suite,
      platform: 'browser',
      target: 'es2022',
      outfile: 'out/test/host/web.js',
      external: ['vscode'],
      define: { global: 'globalThis' },
      plugins: [hostSuites, browserMocha],
    }),
  ]);
}

/** The made-up extension host that the panel's page runs beside. */
async function buildFakeHost() {
  await esbuild.build({
    ...shared,
    entryPoints: ['test/webview/fakeHost.ts'],
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    outfile: 'out/test/webview/fakeHost.js',
  });
}

/**
 * Removes the bundles of tests that are no longer there.
 * @param {string[]} entryPoints
 */
function removeOld(entryPoints) {
  const current = new Set(
    entryPoints.map((file) => file.replace(/^test/, 'out/test').replace(/ts$/, 'cjs')),
  );
  for (const layer of layers) {
    const folder = path.join(root, layer.replace(/^test/, 'out/test'));
    if (!fs.existsSync(folder)) continue;
    for (const file of fs.readdirSync(folder, { recursive: true })) {
      const bundle = path.join(folder, String(file));
      const name = path.relative(root, bundle).replaceAll('\\', '/');
      if (name.endsWith('.test.cjs') && !current.has(name)) fs.rmSync(bundle);
    }
  }
}

/** Programs that tests start, or people do. */
const programs = ['test/fuzz/child.ts', 'test/fuzz/run.ts', 'test/unit/onnx/tapTable.node.ts'];

/** Bundles the tests of every layer that has any. */
async function buildTests() {
  const entryPoints = [...layers.flatMap(testFiles), ...programs];
  removeOld(entryPoints);
  /** @type {import('esbuild').BuildOptions} */
  const build = {
    ...shared,
    entryPoints,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outdir: 'out/test',
    outbase: 'test',
    outExtension: { '.js': '.cjs' },
    packages: 'external',
  };
  await Promise.all([
    entryPoints.length > 0 && esbuild.build(build),
    buildHostTests(),
    buildFakeHost(),
  ]);
}

module.exports = { buildTests };

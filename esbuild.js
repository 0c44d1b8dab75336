// Builds everything that ships into dist/, and the tests into out/ with --tests.
//   node esbuild.js [--watch] [--tests] [--only name,name] [--production] [--native platform|none]
// --native: the platform whose native engine is copied; this machine's unless said otherwise.
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');
const { copyNative, host, nativeBinding } = require('./scripts/native.js');
const { buildTests } = require('./test/bundle.js');

const root = __dirname;
/** @param {string} name */
const argument = (name) => process.argv.includes(`--${name}`);
/** @param {string} name */
const valueOf = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const production = argument('production');

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  absWorkingDir: root,
  sourcemap: production ? false : 'linked',
  minify: production,
  target: 'es2022',
  logLevel: 'warning',
  legalComments: 'none',
  loader: { '.wasm': 'binary', '.ttf': 'file' },
};
/** @type {import('esbuild').BuildOptions} */
const node = { ...shared, platform: 'node', target: 'node20', format: 'cjs' };
/** @type {import('esbuild').BuildOptions} */
const browser = {
  ...shared,
  platform: 'browser',
  define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
};

/** Every bundle that ships, by name. @type {Record<string, import('esbuild').BuildOptions>} */
const bundles = {
  client: {
    ...node,
    entryPoints: ['client/main.node.ts'],
    outfile: 'dist/client.js',
    external: ['vscode'],
  },
  clientWeb: {
    ...browser,
    format: 'cjs',
    entryPoints: ['client/main.web.ts'],
    outfile: 'dist/client.web.js',
    external: ['vscode'],
  },
  server: {
    ...node,
    entryPoints: ['server/main.node.ts'],
    outfile: 'dist/attention-lens-server.js',
    banner: { js: '#!/usr/bin/env node' },
  },
  serverWeb: {
    ...browser,
    format: 'iife',
    entryPoints: ['server/main.web.ts'],
    outfile: 'dist/server.web.js',
  },
  // The CommonJS build of the runtime finds its files by __dirname; the other one needs import.meta, which CommonJS has not.
  engine: {
    ...node,
    entryPoints: ['server/engine/worker.node.ts'],
    outfile: 'dist/engine.js',
    alias: {
      'onnxruntime-web': './node_modules/onnxruntime-web/dist/ort.node.min.js',
      'onnxruntime-common': './node_modules/onnxruntime-common/dist/cjs/index.js',
    },
    plugins: [nativeBinding],
  },
  engineWeb: {
    ...browser,
    format: 'iife',
    entryPoints: ['server/engine/worker.web.ts'],
    outfile: 'dist/engine.web.js',
  },
  // The runtime for graphics cards, which the web's engine loads when somebody asks for it.
  gpuWeb: {
    ...browser,
    format: 'iife',
    entryPoints: ['server/engine/backends/gpuRuntime.web.ts'],
    outfile: 'dist/gpu.web.js',
  },
  library: {
    ...node,
    format: 'esm',
    entryPoints: ['server/library/main.node.ts'],
    outfile: 'dist/attention-lens.mjs',
    // Some dependencies are CommonJS and call require, which a module has not.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  },
  panel: {
    ...browser,
    format: 'iife',
    entryPoints: ['webview/main.ts'],
    outfile: 'dist/panel.js',
    tsconfig: 'webview/tsconfig.json',
  },
};

/** Files that ship as they are. */
const copies = {
  'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm':
    'dist/ort-wasm-simd-threaded.wasm',
  'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.mjs': 'dist/ort-wasm-simd-threaded.mjs',
  'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.jspi.wasm':
    'dist/ort-wasm-simd-threaded.jspi.wasm',
  'node_modules/@vscode/codicons/dist/codicon.ttf': 'dist/codicon.ttf',
  'node_modules/@vscode/codicons/dist/codicon.css': 'dist/codicon.css',
};

/** The attention kernel is AssemblyScript; the engine's bundles inline its bytes. */
function buildKernel() {
  const source = 'server/engine/kernel/assembly/index.ts';
  const target = 'out/kernel/attention.wasm';
  if (!fs.existsSync(path.join(root, source))) return;
  fs.mkdirSync(path.join(root, 'out/kernel'), { recursive: true });
  execFileSync(
    process.execPath,
    [
      'node_modules/assemblyscript/bin/asc.js',
      source,
      '-o',
      target,
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--importMemory',
    ],
    { cwd: root, stdio: 'inherit' },
  );
}

/**
 * The source files of which something is in the bundles, relative to the root.
 * Builds in memory; for the third-party notices.
 */
async function bundledFiles() {
  buildKernel();
  const found = new Set();
  for (const options of Object.values(bundles)) {
    const { metafile } = await esbuild.build({ ...options, write: false, metafile: true });
    for (const { inputs } of Object.values(metafile?.outputs ?? {})) {
      for (const [file, { bytesInOutput }] of Object.entries(inputs))
        if (bytesInOutput > 0) found.add(file);
    }
  }
  return [...found].sort();
}

async function main() {
  const only = valueOf('only')?.split(',');
  const chosen = Object.entries(bundles).filter(([name]) => !only || only.includes(name));
  buildKernel();
  // What ships holds nothing of an earlier build.
  if (production && !only) fs.rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  fs.mkdirSync(path.join(root, 'dist'), { recursive: true });
  for (const [from, to] of Object.entries(copies))
    fs.copyFileSync(path.join(root, from), path.join(root, to));
  copyNative(valueOf('native') ?? host, path.join(root, 'dist'));
  if (argument('watch')) {
    const contexts = await Promise.all(
      chosen.map(([, options]) => esbuild.context({ ...options, logLevel: 'info' })),
    );
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  await Promise.all(chosen.map(([, options]) => esbuild.build(options)));
  if (argument('tests')) await buildTests();
}

if (require.main === module) {
  main().catch((error) => {
    if (!error.errors) console.error(error);
    process.exitCode = 1;
  });
}

module.exports = { bundledFiles };

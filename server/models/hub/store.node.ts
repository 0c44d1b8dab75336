/** Downloaded models on disk: `<storage>/hub/<owner>/<name>/<commit>/`, and which revision was which commit. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import type { HubSource, StoredModel } from './hub';
import { isCommit } from './listing';
import { beginStaging, isAbandoned, stagedCommit, type Staging } from './staging.node';

const REVISIONS = 'revisions';
const MAIN = 'main';

const revisionSchema = v.object({
  revision: v.string(),
  commit: v.pipe(v.string(), v.check(isCommit)),
});

type Named = Pick<HubSource, 'owner' | 'name'>;

export class HubStore {
  /** An absolute path. */
  readonly root: string;

  /** `storage` is an absolute path; it is made when there is something to keep. */
  constructor(storage: string) {
    this.root = join(storage, 'hub');
  }

  /** The folder of a model that is there as a whole; else null. */
  async find(source: HubSource): Promise<string | null> {
    const revision = source.revision ?? MAIN;
    const commit = isCommit(revision) ? revision : await this.#commitOf(source, revision);
    return commit === null ? null : this.findCommit(source, commit);
  }

  async findCommit(model: Named, commit: string): Promise<string | null> {
    const folder = join(this.#parent(model), commit);
    return (await isFolder(folder)) ? folder : null;
  }

  /** Where the next download of a commit grows. */
  begin(model: Named, commit: string): Promise<Staging> {
    return beginStaging(this.#parent(model), commit);
  }

  /** Keeps which commit a revision was when it was asked for. */
  async remember(source: HubSource, commit: string): Promise<void> {
    const revision = source.revision ?? MAIN;
    if (isCommit(revision)) return;
    const file = this.#revisionFile(source, revision);
    await mkdir(dirname(file), { recursive: true });
    const next = `${file}.${randomBytes(4).toString('hex')}.part`;
    await writeFile(next, JSON.stringify({ revision, commit }));
    await rename(next, file);
  }

  async list(): Promise<StoredModel[]> {
    const found: StoredModel[] = [];
    for (const owner of await names(this.root))
      for (const name of await names(join(this.root, owner)))
        found.push(...(await this.#commitsOf({ owner, name })));
    return found;
  }

  /** Removes a commit and what a broken download of it left. */
  async remove(model: Named & { commit: string }): Promise<void> {
    const parent = this.#parent(model);
    for (const name of await names(parent)) {
      const idle = stagedCommit(name) === model.commit && (await isAbandoned(parent, name));
      if (name === model.commit || idle) await removeFolder(join(parent, name));
    }
    await this.#forgetRevisions(model);
    // Of empty folders nobody has anything; one that is not empty stays.
    for (const folder of [join(parent, REVISIONS), parent, dirname(parent)])
      await rmdir(folder).catch(() => undefined);
  }

  async #commitsOf(model: Named): Promise<StoredModel[]> {
    const parent = this.#parent(model);
    const revisions = await this.#revisions(model);
    const found: StoredModel[] = [];
    for (const folder of await names(parent)) {
      const complete = isCommit(folder);
      const commit = complete ? folder : stagedCommit(folder);
      if (commit === null || (!complete && !(await isAbandoned(parent, folder)))) continue;
      const named = revisions.filter((each) => complete && each.commit === commit);
      found.push({
        owner: model.owner,
        name: model.name,
        commit,
        revisions: named.map(({ revision }) => revision),
        bytes: await bytesIn(join(parent, folder)),
        complete,
      });
    }
    return found;
  }

  async #forgetRevisions(model: Named & { commit: string }): Promise<void> {
    for (const { revision, commit } of await this.#revisions(model))
      if (commit === model.commit) await rm(this.#revisionFile(model, revision), { force: true });
  }

  async #commitOf(model: Named, wanted: string): Promise<string | null> {
    const found = await readRevision(this.#revisionFile(model, wanted));
    // On a disk that takes "V1" for "v1" the file may be that of another revision.
    return found?.revision === wanted ? found.commit : null;
  }

  async #revisions(model: Named): Promise<v.InferOutput<typeof revisionSchema>[]> {
    const folder = join(this.#parent(model), REVISIONS);
    const read = (await names(folder)).map((name) => readRevision(join(folder, name)));
    return (await Promise.all(read)).filter((each) => each !== null);
  }

  #parent({ owner, name }: Named): string {
    return join(this.root, owner, name);
  }

  #revisionFile(model: Named, revision: string): string {
    return join(this.#parent(model), REVISIONS, `${encodeURIComponent(revision)}.json`);
  }
}

async function readRevision(file: string): Promise<v.InferOutput<typeof revisionSchema> | null> {
  try {
    return v.parse(revisionSchema, JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Gone at once for whoever looks for it, then from the disk. */
async function removeFolder(folder: string): Promise<void> {
  const gone = `${folder}.gone-${randomBytes(4).toString('hex')}`;
  await rename(folder, gone);
  await rm(gone, { recursive: true, force: true });
}

/** What the files of a folder take, those of its folders with them. */
export async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = files.map((name) =>
    stat(join(folder, name)).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function names(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

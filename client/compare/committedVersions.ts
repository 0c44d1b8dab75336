/** Documents as they are in the last commit, by way of VS Code's own Git extension. */
import * as vscode from 'vscode';

/** What is used of the Git extension's API, version 1. */
interface Git {
  readonly state: 'uninitialized' | 'initialized';
  readonly onDidChangeState: vscode.Event<'uninitialized' | 'initialized'>;
  getRepository(uri: vscode.Uri): Repository | null;
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
}
interface Repository {
  readonly rootUri: vscode.Uri;
  getObjectDetails(treeish: string, path: string): Promise<unknown>;
}

/** The person waits for a list: a Git extension that takes longer to look around counts as not there yet. */
const PATIENCE_MS = 3000;

/** Why there is no committed version; the message is a sentence for the person. */
export class NotCommitted extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotCommitted';
  }
}

/** The address of a file as it is at HEAD. Rejects with {@link NotCommitted}. */
export async function committedAddress(file: vscode.Uri): Promise<vscode.Uri> {
  const git = await gitApi();
  const repository = git.getRepository(file);
  if (!repository)
    throw new NotCommitted(vscode.l10n.t('The document is in no Git repository that is open.'));
  try {
    await repository.getObjectDetails('HEAD', file.fsPath);
  } catch {
    throw new NotCommitted(vscode.l10n.t('The document has not been committed yet.'));
  }
  return git.toGitUri(file, 'HEAD');
}

async function gitApi(): Promise<Git> {
  const extension = vscode.extensions.getExtension<{ getAPI(version: 1): Git }>('vscode.git');
  if (!extension)
    throw new NotCommitted(
      vscode.l10n.t('VS Code’s Git extension is not here. Turn it on to compare with a commit.'),
    );
  let git: Git;
  try {
    git = (await extension.activate()).getAPI(1);
  } catch {
    throw new NotCommitted(
      vscode.l10n.t('Git is turned off in VS Code’s settings, or was not found.'),
    );
  }
  if (git.state === 'uninitialized') await initialized(git);
  return git;
}

function initialized(git: Git): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      listener.dispose();
      clearTimeout(timer);
      resolve();
    };
    const listener = git.onDidChangeState(done);
    const timer = setTimeout(done, PATIENCE_MS);
  });
}

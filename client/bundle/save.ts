/** Saves what the panel looks at as a bundle, once the person knows what will be in it. */
import * as vscode from 'vscode';
import { ChannelError } from '../../channel/channel';
import { baseName, fileName, placeFor } from '../export/saveFile';
import { quotable } from './bundleError';
import { gather, type BundleSource } from './gather';
import { planBundle, type BundlePlan } from './plan';
import { readBundle } from './readBundle';
import { writeBundle } from './writeBundle';

export const BUNDLE_EXTENSION = 'attnlens';

/** Gathering takes most of the time. */
const GATHERING = 0.7;

/**
 * Says that the text is inside, asks where to, gathers, and writes. Resolves with false when the
 * person gave up. VS Code's dialog asks before it names a file that is there.
 */
export async function saveBundle(source: BundleSource, signal: AbortSignal): Promise<boolean> {
  const { tokens, model } = source.tokens;
  const plan = planBundle(tokens.length, model, source.selection);
  if (!plan)
    throw new ChannelError(
      'tooLarge',
      vscode.l10n.t(
        'A window of {0} tokens is too large for a bundle; export the picture or the numbers instead.',
        tokens.length,
      ),
    );
  if (!(await mayHoldText(source, plan))) return false;
  const place = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save bundle'),
    filters: { [vscode.l10n.t('Attention Lens bundle')]: [BUNDLE_EXTENSION] },
    defaultUri: placeFor(`${fileName(source.name.replace(/\.[^.]*$/, ''))}.${BUNDLE_EXTENSION}`),
  });
  if (!place) return false;
  const bytes = await made(source, plan, signal);
  if (!bytes) return false;
  await written(place, bytes);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Saved {0}', baseName(place)), 4000);
  return true;
}

async function mayHoldText(source: BundleSource, plan: BundlePlan): Promise<boolean> {
  const save = vscode.l10n.t('Choose a place');
  const name = quotable(source.name);
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('The bundle will hold the whole text of “{0}”. Save it?', name),
    { modal: true, detail: [textDetail(source), numbersDetail(source, plan)].join('\n\n') },
    save,
  );
  return chosen === save;
}

function textDetail({ text }: BundleSource): string {
  return vscode.l10n.t(
    'Whoever gets the file can read all {0} characters of it, and which model read them.',
    text.length,
  );
}

function numbersDetail({ tokens }: BundleSource, plan: BundlePlan): string {
  const megabytes = Math.max(0.1, plan.bytes / 2 ** 20).toFixed(1);
  const { layers, heads } = tokens.model;
  if (!plan.heads)
    return vscode.l10n.t(
      'Beside it are the weights of all {0} heads on this window’s {1} tokens, as {2}: {3} MB before they are packed.',
      layers * heads,
      tokens.tokens.length,
      plan.precision,
      megabytes,
    );
  return vscode.l10n.t(
    'Beside it is what is shown of this window’s {0} tokens, as {1}: {2} MB before it is packed. All heads would be too much.',
    tokens.tokens.length,
    plan.precision,
    megabytes,
  );
}

/** The file's bytes, read back before anybody relies on them; null when the person gave up. */
async function made(
  source: BundleSource,
  plan: BundlePlan,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Saving a bundle'),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (report, token) => {
    const given = new AbortController();
    token.onCancellationRequested(() => given.abort());
    const either = AbortSignal.any([signal, given.signal]);
    let told = 0;
    const progress = (share: number): void => {
      report.report({ increment: 100 * Math.max(0, share - told) });
      told = Math.max(told, share);
    };
    try {
      const work = { source, signal: either, progress: (at: number) => progress(GATHERING * at) };
      const content = await gather(plan, work, new Date(), writtenBy());
      const bytes = await writeBundle(content, either, (at) =>
        progress(GATHERING + (1 - GATHERING) * at),
      );
      await readBundle(bytes, either);
      return bytes;
    } catch (error) {
      if (given.signal.aborted) return null;
      throw error;
    }
  });
}

function writtenBy(): string {
  const extension = vscode.extensions.getExtension('attention-lens.attention-lens');
  const { version = '' } = (extension?.packageJSON ?? {}) as { version?: string };
  return `Attention Lens ${version}`.trim();
}

async function written(place: vscode.Uri, bytes: Uint8Array): Promise<void> {
  try {
    await vscode.workspace.fs.writeFile(place, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ChannelError('notSaved', vscode.l10n.t('The file could not be saved: {0}', reason));
  }
}

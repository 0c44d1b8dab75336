/** The question before a download, in words. */
import * as l10n from '@vscode/l10n';
import type { DownloadQuestion } from '../models/hub/hub';
import { sizeText } from '../models/hub/size';

/** What is asked, and what there is to know before the answer. */
export function downloadWords(question: DownloadQuestion): { message: string; detail: string } {
  const { step, host } = question;
  const model = question.model.replace(/^hf:/, '');
  if (step === 'lookUp')
    return {
      message: l10n.t('The settings choose {0}. May {1} be asked for it?', model, host),
      detail: l10n.t(
        'The model is not on this machine. {0} learns its name and your address, nothing of your documents. The size is told before anything is downloaded.',
        host,
      ),
    };
  return {
    message: l10n.t('Download {0} from {1}, {2}?', model, host, sizeText(question.bytes)),
    detail: [
      l10n.t('{0} files.', question.files),
      question.licence === null
        ? l10n.t('Its licence is not named.')
        : l10n.t('Licence: {0}.', question.licence),
      l10n.t(
        '{0} may send on to other hosts where the files lie, by https only. Nothing of your documents is sent.',
        host,
      ),
    ].join(' '),
  };
}

/** The answers for a client that has none of its own: to go on, and not to. */
export function downloadAnswers({ step }: DownloadQuestion): [yes: string, no: string] {
  return [step === 'lookUp' ? l10n.t('Ask') : l10n.t('Download'), l10n.t('Not now')];
}

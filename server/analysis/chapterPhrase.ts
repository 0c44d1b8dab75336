/** The Chapter model's controls in a few words. */
import * as l10n from '@vscode/l10n';
import {
  isAdditive,
  type ChapterEncoding,
  type ChapterSettings,
  type Similarity,
  type Wiring,
} from '../chapter/controls';

/** Similarity and encoding, and what else is not as it is by default. */
export function chapterPhrase(settings: ChapterSettings): string {
  const { similarity, encoding, scale, scaleVariant, wiring, causal } = settings;
  const parts = [similarityName(similarity), encodingName(encoding)];
  if (isAdditive(encoding) && (scale !== 1 || scaleVariant === 'chapter'))
    parts.push(scaleName(settings));
  if (wiring !== 'formula') parts.push(wiringName(wiring));
  if (causal) parts.push(l10n.t('causal'));
  return l10n.t('Chapter model: {0}', parts.join(', '));
}

function similarityName(similarity: Similarity): string {
  switch (similarity) {
    case 'dot':
      return l10n.t('dot');
    case 'scaledDot':
      return l10n.t('scaled dot');
    case 'additive':
      return l10n.t('additive');
  }
}

function encodingName(encoding: ChapterEncoding): string {
  switch (encoding) {
    case 'none':
      return l10n.t('no position');
    case 'sinusoidal':
      return l10n.t('sinusoidal');
    case 'learned':
      return l10n.t('learned');
    case 'rope':
      return l10n.t('RoPE');
    case 'alibi':
      return l10n.t('ALiBi');
  }
}

function scaleName({ scale, scaleVariant }: ChapterSettings): string {
  return scaleVariant === 'chapter'
    ? l10n.t("scale {0} in the chapter's variant", scale)
    : l10n.t('scale {0}', scale);
}

function wiringName(wiring: Wiring): string {
  switch (wiring) {
    case 'formula':
      return l10n.t('wiring of the formula');
    case 'words':
      return l10n.t('wiring of the words');
    case 'diagram':
      return l10n.t('wiring of the diagram');
  }
}

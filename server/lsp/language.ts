/** The reader's language, as `initialize` gives it. */
import * as l10n from '@vscode/l10n';
import simplifiedChinese from '../../l10n/bundle.l10n.zh-cn.json';

/** Locales that read Simplified Chinese; all others get English, the keys themselves. */
const SIMPLIFIED_CHINESE = /^zh($|-(cn|sg|hans))/i;

/** Sentences are in this language from now on. `locale` is an IETF tag. */
export function useLanguage(locale: string | undefined): void {
  const contents = SIMPLIFIED_CHINESE.test(locale ?? '') ? simplifiedChinese : {};
  l10n.config({ contents });
}

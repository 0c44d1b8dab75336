/** The reader's language, as `initialize` gives it. */
import * as l10n from '@vscode/l10n';
import simplifiedChinese from '../../l10n/bundle.l10n.zh-cn.json';

/** Locales that read Simplified Chinese; all others get English, the keys themselves. */
const SIMPLIFIED_CHINESE = /^zh($|-(cn|sg|hans))/i;

/** English → the language of `locale`, an IETF tag; empty where that is English. */
export function translationsFor(locale: string | undefined): { [english: string]: string } {
  return SIMPLIFIED_CHINESE.test(locale ?? '') ? simplifiedChinese : {};
}

/** Sentences are in this language from now on. */
export function useLanguage(locale: string | undefined): void {
  l10n.config({ contents: translationsFor(locale) });
}

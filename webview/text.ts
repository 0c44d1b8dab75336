import type { PanelString } from './strings';

let translations: { readonly [english: string]: string } = {};

/** Takes the translations that the extension host sends; a missing one stays English. */
export function setTranslations(map: { readonly [english: string]: string }): void {
  translations = map;
}

/** The text in the person's language, with `{0}`, `{1}` … replaced by the arguments. */
export function t(english: PanelString, ...values: (string | number)[]): string {
  const text = translations[english] ?? english;
  return text.replace(/\{(\d+)\}/g, (whole: string, index: string) => {
    const value = values[Number(index)];
    return value === undefined ? whole : String(value);
  });
}

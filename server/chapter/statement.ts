/** A sentence with computed numbers in it, kept apart from its language. */
import * as l10n from '@vscode/l10n';

/** Numbers as a sentence shows them. */
export interface Figures {
  values: readonly number[];
  /** Digits after the point; smaller numbers are written as powers of ten. */
  decimals: number;
}

export interface Statement {
  /** English text, and the key of its translations; {0}, {1} … stand for `figures`. */
  key: string;
  figures: readonly Figures[];
}

/** A statement of a text and its figures. */
export function statement(key: string, ...figures: Figures[]): Statement {
  return { key, figures };
}

/** Numbers for a statement, rounded only when shown. */
export function figures(values: number | ArrayLike<number>, decimals: number): Figures {
  return { values: typeof values === 'number' ? [values] : Array.from(values), decimals };
}

/** The sentence in the language of the bundle, or of the translation given. */
export function statementText(
  { key, figures: shown }: Statement,
  translate: (key: string, ...args: string[]) => string = l10n.t,
): string {
  return translate(key, ...shown.map(figuresText));
}

/** Numbers as a reader sees them: 0.0117, −0.5440, 1e−7; several are joined by commas. */
export function figuresText({ values, decimals }: Figures): string {
  return values.map((value) => numberText(value, decimals)).join(', ');
}

function numberText(value: number, decimals: number): string {
  const rounded = value.toFixed(decimals);
  const text = value !== 0 && Number(rounded) === 0 ? exponentText(value) : rounded;
  return text.replace(/-/g, '−');
}

/** Three digits, without those that are zero: 1e-7, 2.34e-16. */
function exponentText(value: number): string {
  const [digits, exponent] = value.toExponential(2).split('e');
  return `${Number(digits)}e${exponent!.replace('+', '')}`;
}

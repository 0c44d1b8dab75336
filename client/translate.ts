/** Puts a text into the person's language; `{0}` … are filled in. */
export type Translate = (message: string, ...values: (string | number)[]) => string;

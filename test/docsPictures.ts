/** The pictures that docs/ shows are those that tests take, copied when somebody asks for it. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Copies a picture to docs/pictures/NAME.png when asked to by UPDATE_PICTURES. */
export function keepForDocs(file: string, name: string): void {
  if (!process.env.UPDATE_PICTURES) return;
  const folder = join(process.cwd(), 'docs', 'pictures');
  mkdirSync(folder, { recursive: true });
  copyFileSync(file, join(folder, `${name}.png`));
}

/** Pictures of what a test has brought on screen, in a light and a dark theme. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../hosts/places.mjs';
import { keepForDocs } from '../docsPictures';
import { screenshots, type Theme } from './session';
import { until } from './until';
import type { Workbench } from './workbench';

/** A part of the page, in CSS pixels from its top left corner. */
export interface Clip {
  width: number;
  height: number;
}

/**
 * Saves out/screenshots/vscode/NAME-THEME.png for both themes and, when asked to by
 * UPDATE_PICTURES, the README's copies. `show` runs again after each change of theme,
 * for what a change of theme closes; `clip` leaves empty room away.
 */
export async function picture(
  workbench: Workbench,
  name: string,
  { show, clip }: { show?: () => Promise<void>; clip?: Clip } = {},
): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await useTheme(workbench, theme);
    await show?.();
    const file = join(screenshots, `${name}-${theme}.png`);
    await workbench.page.screenshot({
      path: file,
      animations: 'disabled',
      ...(clip && { clip: { x: 0, y: 0, ...clip } }),
    });
    if (process.env.UPDATE_PICTURES) {
      const target = join(root, 'media/readme');
      mkdirSync(target, { recursive: true });
      copyFileSync(file, join(target, `${name}-${theme}.png`));
    }
  }
}

/**
 * Saves out/screenshots/vscode/NAME.png in one theme and, when asked to by UPDATE_PICTURES,
 * the copy that docs/ shows: of the whole window, or with `panelOnly` of the panel's page.
 */
export async function pictureForDocs(
  workbench: Workbench,
  name: string,
  { theme, panelOnly = false }: { theme: Theme; panelOnly?: boolean },
): Promise<void> {
  const { page } = workbench;
  await useTheme(workbench, theme);
  const panel = panelOnly ? await workbench.panelBox() : null;
  const file = join(screenshots, `${name}.png`);
  await page.screenshot({
    path: file,
    animations: 'disabled',
    scale: 'css',
    ...(panel && { clip: panel }),
  });
  keepForDocs(file, name);
}

/** VS Code follows the colour scheme of the system, which the browser pretends. */
async function useTheme({ page }: Workbench, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  const wanted = theme === 'dark' ? 'vs-dark' : 'vs';
  await until(`the ${theme} theme`, async () =>
    (await page.locator(`.monaco-workbench.${wanted}`).count()) > 0 ? true : undefined,
  );
}

import { categoryColors } from './categories';
import { divergingRamp } from './diverging';
import { isDark, sequentialRamp, type Ramp } from './ramp';
import type { Rgb } from './oklab';

/** What a canvas must know of the editor's theme. Colours are CSS. */
export interface Theme {
  dark: boolean;
  highContrast: boolean;
  reducedMotion: boolean;
  background: Rgb;
  foreground: string;
  muted: string;
  line: string;
  /** What was searched for. */
  found: string;
  /** The direction "reads": rows. */
  reads: string;
  /** The direction "read by": columns. */
  readBy: string;
  font: string;
  fontSize: number;
  /** For weights and shares. */
  ramp: Ramp;
  /** For what has a sign. */
  diverging: Ramp;
  /** For things without an order, such as heads. */
  categories: readonly string[];
}

/** Reads the theme from the page's VS Code variables. */
export function readTheme(page: HTMLElement = document.body): Theme {
  const style = getComputedStyle(page);
  const color = (...names: string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value) return value;
    }
    return style.color;
  };
  const background = rgbOf(color('editor-background'));
  return {
    dark: isDark(background),
    highContrast: /vscode-high-contrast/.test(page.className),
    reducedMotion:
      page.classList.contains('vscode-reduce-motion') ||
      matchMedia('(prefers-reduced-motion: reduce)').matches,
    background,
    foreground: color('editor-foreground', 'foreground'),
    muted: color('descriptionForeground', 'foreground'),
    line: color('contrastBorder', 'panel-border', 'widget-border'),
    found: color('charts-yellow', 'foreground'),
    reads: color('attentionLens-reads', 'charts-orange', 'foreground'),
    readBy: color('attentionLens-readBy', 'charts-blue', 'foreground'),
    font: style.getPropertyValue('--vscode-editor-font-family').trim() || 'monospace',
    fontSize: 11,
    ramp: sequentialRamp(background),
    diverging: divergingRamp(background),
    categories: categoryColors(background),
  };
}

/** Calls back when VS Code changes the page's theme; returns the function that stops it. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  const attributes = { attributes: true, attributeFilter: ['class', 'style'] };
  observer.observe(document.body, attributes);
  observer.observe(document.documentElement, attributes);
  return () => observer.disconnect();
}

function rgbOf(css: string): Rgb {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d');
  if (!context) return [0, 0, 0];
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

import { categoryColors } from '../color/categories';
import { divergingRamp } from '../color/diverging';
import type { Rgb } from '../color/oklab';
import { sequentialRamp } from '../color/ramp';
import type { Theme } from '../color/theme';

const WHITE: Rgb = [255, 255, 255];

/** For paper and slides: dark on white, whatever the editor looks like. */
export function printTheme(theme: Theme): Theme {
  return {
    ...theme,
    dark: false,
    highContrast: false,
    background: WHITE,
    foreground: '#1c1c1c',
    muted: '#5c5c5c',
    line: '#b4b4b4',
    found: '#8a6500',
    reads: '#c2660a',
    readBy: '#1a6fc4',
    ramp: sequentialRamp(WHITE),
    diverging: divergingRamp(WHITE),
    categories: categoryColors(WHITE),
  };
}

/** How a model tells positions apart, in words. */
import * as vscode from 'vscode';
import { layersByScheme } from '../../server/positional/layerSchemes';
import type { LayerScheme, PositionScheme } from '../../server/protocol';

export function schemeName(position: PositionScheme): string {
  return layersByScheme(position)
    .map(({ scheme, layers }) =>
      layers === null
        ? layerSchemeName(scheme)
        : /^\d+$/.test(layers)
          ? vscode.l10n.t('layer {0}: {1}', layers, layerSchemeName(scheme))
          : vscode.l10n.t('layers {0}: {1}', layers, layerSchemeName(scheme)),
    )
    .join('; ');
}

function layerSchemeName(scheme: LayerScheme): string {
  switch (scheme.kind) {
    case 'learned':
      return vscode.l10n.t('learned table');
    case 'sinusoidal':
      return vscode.l10n.t('sinusoidal');
    case 'rope':
      return vscode.l10n.t(
        'RoPE, base {0}, {1} columns of a head, scaling {2}',
        scheme.base,
        scheme.dimensions,
        scheme.scaling.kind,
      );
    case 'alibi':
      return 'ALiBi';
    case 'relative':
      return vscode.l10n.t('learned bias by distance');
    case 'none':
      return vscode.l10n.t('none');
    case 'unknown':
      return vscode.l10n.t('not recognised');
  }
}

/** The one line of links that the client adds under the server's hover. */
import type { Position } from '../../server/protocol';
import type { Translate } from '../translate';

/** Where a hover stands; the argument of the commands behind its links. */
export interface Target {
  uri: string;
  position: Position;
}

/** The only commands that a hover may run. */
export const HOVER_COMMANDS = {
  heatmap: 'attentionLens.openHeatmap',
  pin: 'attentionLens.pinToken',
  explain: 'attentionLens.explainWeight',
  copy: 'attentionLens.copyRow',
  head: 'attentionLens.chooseHead',
  restore: 'attentionLens.restorePosition',
  what: 'attentionLens.whatIsThis',
} as const;

/**
 * Markdown for "Open heatmap · Pin · Explain · Copy · Change head · What is this?", with a way back
 * among them where position is changed.
 */
export function hoverLinks(target: Target, changed: boolean, translate: Translate): string {
  return [
    link(translate('Open heatmap'), HOVER_COMMANDS.heatmap, target),
    link(translate('Pin'), HOVER_COMMANDS.pin, target),
    link(translate('Explain'), HOVER_COMMANDS.explain, target),
    link(translate('Copy'), HOVER_COMMANDS.copy, target),
    link(translate('Change head'), HOVER_COMMANDS.head),
    ...(changed ? [link(translate('Restore position'), HOVER_COMMANDS.restore)] : []),
    link(translate('What is this?'), HOVER_COMMANDS.what),
  ].join(' · ');
}

/** Parentheses are legal in a URI component but end a Markdown link. */
function link(label: string, command: string, ...values: unknown[]): string {
  const query = values.length === 0 ? '' : `?${encode(JSON.stringify(values))}`;
  return `[${label}](command:${command}${query})`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'));
}

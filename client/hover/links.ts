/** The one line of links that the client adds under the server's hover. */
import type { Position, Stack, Status } from '../../server/protocol';
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
  stack: 'attentionLens.chooseStack',
  source: 'attentionLens.setSourceText',
  what: 'attentionLens.whatIsThis',
} as const;

/**
 * Markdown for "Open heatmap · Pin · Explain · Copy · Change head · What is this?", with a way back
 * among them where position is changed, and the other attentions where the model has two texts.
 */
export function hoverLinks(
  target: Target,
  changed: boolean,
  translate: Translate,
  texts: TextLinks = NO_TEXTS,
): string {
  return [
    link(translate('Open heatmap'), HOVER_COMMANDS.heatmap, target),
    // What these show is the attention of one text by itself, which is not what this hover says.
    ...(texts.ofTwo
      ? []
      : [
          link(translate('Pin'), HOVER_COMMANDS.pin, target),
          link(translate('Explain'), HOVER_COMMANDS.explain, target),
          link(translate('Copy'), HOVER_COMMANDS.copy, target),
        ]),
    link(translate('Change head'), HOVER_COMMANDS.head),
    ...(changed ? [link(translate('Restore position'), HOVER_COMMANDS.restore)] : []),
    ...texts.stacks.map((stack) => link(stackLabel(stack, translate), HOVER_COMMANDS.stack, stack)),
    ...(texts.source ? [link(translate('Set source text'), HOVER_COMMANDS.source)] : []),
    link(translate('What is this?'), HOVER_COMMANDS.what),
  ].join(' · ');
}

/** What a hover offers where the model reads two texts: other kinds of attention, and to set the source. */
export interface TextLinks {
  stacks: readonly Stack[];
  source: boolean;
  /** Whether the hover is about the text beside another. */
  ofTwo: boolean;
}

const NO_TEXTS: TextLinks = { stacks: [], source: false, ofTwo: false };

/** What fits the document: its own attention or that across where it is one of two texts, else to make it one. */
export function textLinks(uri: string, status: Status | null): TextLinks {
  if (!status?.model?.decoder) return NO_TEXTS;
  const shown = status.selection.stack;
  const isTarget = status.documents.some((document) => document.uri === uri && document.source);
  const isSource = status.documents.some(({ source }) => source === uri);
  if (isTarget)
    return { stacks: [shown === 'decoder' ? 'cross' : 'decoder'], source: false, ofTwo: true };
  if (!isSource) return { ...NO_TEXTS, source: true };
  const own = shown === 'encoder' || shown === 'decoder';
  return { stacks: [own ? 'cross' : 'encoder'], source: false, ofTwo: !own };
}

function stackLabel(stack: Stack, translate: Translate): string {
  switch (stack) {
    case 'encoder':
      return translate('Encoder self-attention');
    case 'decoder':
      return translate('Decoder self-attention');
    case 'cross':
      return translate('Cross-attention');
  }
}

/** Parentheses are legal in a URI component but end a Markdown link. */
function link(label: string, command: string, ...values: unknown[]): string {
  const query = values.length === 0 ? '' : `?${encode(JSON.stringify(values))}`;
  return `[${label}](command:${command}${query})`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'));
}

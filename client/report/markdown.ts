/** The report on a model as Markdown, in the reader's language. */
import * as vscode from 'vscode';
import type { ModelReportResult, NotShown, ScoreReport } from '../../server/protocol';
import { schemeName } from './schemeName';

/** Names in a model's files are not ours: nothing in them may become markup or a link. */
export function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .replace(/[\\`*_{}[\]()<>#+\-.!|~&@:$^=]/g, '\\$&');
}

export function reportMarkdown(report: ModelReportResult): string {
  const { model, notShown, scores, files } = report;
  return [
    `# ${plain(model.name)}`,
    facts(report),
    `## ${vscode.l10n.t('How weights come about')}`,
    scores.map((score) => `- ${scoreLine(score)}`).join('\n'),
    `## ${vscode.l10n.t('What is not shown')}`,
    notShown.length > 0
      ? notShown
          .map(({ where, reason }: NotShown) => `- ${plain(where)}: ${plain(reason)}`)
          .join('\n')
      : vscode.l10n.t('Nothing is left out.'),
    `## ${vscode.l10n.t('Files')}`,
    table(
      [vscode.l10n.t('file'), vscode.l10n.t('bytes'), 'SHA-256'],
      files.map(({ path, bytes, sha256 }) => [plain(path), String(bytes), `\`${sha256}\``]),
    ),
    '',
  ].join('\n\n');
}

function facts(report: ModelReportResult): string {
  const { model, engine, headSize, windowLength, largestDifference } = report;
  const rows: [name: string, value: string][] = [
    [vscode.l10n.t('architecture'), plain(model.architecture)],
    [vscode.l10n.t('layers'), String(model.layers)],
    [vscode.l10n.t('heads'), headsText(report)],
    [vscode.l10n.t('head size'), String(headSize)],
    [vscode.l10n.t('width'), String(model.width)],
    [vscode.l10n.t('position'), schemeName(model.position)],
    [vscode.l10n.t('tokens of context'), String(model.contextLength)],
    [vscode.l10n.t('tokens looked at together'), String(windowLength)],
    [vscode.l10n.t('stored as'), plain(model.storage)],
    [vscode.l10n.t('computed by'), `${engine.backend} (${plain(engine.detail)})`],
    [
      vscode.l10n.t('check at load'),
      largestDifference === null
        ? vscode.l10n.t('the graph gives no weights to compare with')
        : vscode.l10n.t(
            'weights recomputed from queries and keys differ from the graph’s own by {0} at most',
            largestDifference.toExponential(1),
          ),
    ],
    [vscode.l10n.t('hash'), `\`${model.hash}\``],
  ];
  return table(['', ''], rows);
}

function headsText({ model: { heads, keyValueHeads } }: ModelReportResult): string {
  if (heads === keyValueHeads) return String(heads);
  return vscode.l10n.t('{0}, which share {1} heads of keys and values', heads, keyValueHeads);
}

function scoreLine({ layers, kind, scale, cap, causal, window, bias, sinks }: ScoreReport): string {
  const parts = [
    kind === 'additive' ? 'v·tanh(q + k)' : `q·k·${number(scale ?? 1)}`,
    ...(cap === null ? [] : [vscode.l10n.t('capped softly at {0}', number(cap))]),
    ...(bias.includes('alibi') ? [vscode.l10n.t('less by distance (ALiBi)')] : []),
    ...(bias.includes('relative') ? [vscode.l10n.t('a learned number by distance')] : []),
    ...(causal ? [vscode.l10n.t('later tokens masked')] : []),
    ...(window === null ? [] : [vscode.l10n.t('tokens further than {0} away masked', window)]),
    ...(sinks ? [vscode.l10n.t('a learned sink in each head')] : []),
  ];
  return `${layersText(layers)}: ${parts.join(', ')}`;
}

/** 0–5, 7 */
function layersText(layers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const layer of layers) {
    const run = runs.at(-1);
    if (run && run[1] === layer - 1) run[1] = layer;
    else runs.push([layer, layer]);
  }
  const text = runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  return layers.length === 1
    ? vscode.l10n.t('layer {0}', text[0]!)
    : vscode.l10n.t('layers {0}', text.join(', '));
}

function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

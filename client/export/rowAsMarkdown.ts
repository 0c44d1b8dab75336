/** A token's row as a Markdown table, for notes, issues and chats. */
import type { RowParams, RowResult, Select, Selection, TokensResult } from '../../server/protocol';
import { decodeFloats } from '../bytes';
import { changeLabel } from '../position/label';
import { selectionLabel } from '../selection/label';
import type { Translate } from '../translate';

/** What is asked for both directions of one token. */
export type AskRow = (
  params: Select & Pick<RowParams, 'token' | 'direction'>,
) => Promise<RowResult>;

/** As many as a table can be read with. */
const ROWS = 20;

/**
 * What a token reads and what reads it, strongest first, with the sink's share and what the numbers
 * are of. Always counts tokens. Rejects as `ask` does.
 */
export async function rowAsMarkdown(
  { tokens, model }: Pick<TokensResult, 'tokens' | 'model'>,
  selection: Selection,
  token: number,
  ask: AskRow,
  translate: Translate,
): Promise<string> {
  const merge = 'tokens' as const;
  const reads = await ask({ merge, token, direction: 'reads' });
  const readBy = await ask({ merge, token, direction: 'readBy' });
  const name = (at: number): string => `${codeCell(tokens[at]?.text ?? '')} ${at}`;
  const lists = [reads, readBy].map(({ weights }) => strongest(decodeFloats(weights)));
  const cell = (list: Weighted[] | undefined, at: number): string => {
    const entry = list?.[at];
    return entry ? `${name(entry.token)} | ${percent(entry.weight)}` : ' | ';
  };
  const length = Math.max(...lists.map((list) => list.length));
  const { sink } = reads;
  const { encoding } = selection;
  const changed = encoding ? [changeLabel(encoding, translate)] : [];
  return [
    `**${name(token)}** · ${[selectionLabel(selection, translate), ...changed, model.name].map(plain).join(' · ')}`,
    '',
    `| ${translate('reads')} | | ${translate('read by')} | |`,
    '| :-- | --: | :-- | --: |',
    ...Array.from({ length }, (_, at) => `| ${cell(lists[0], at)} | ${cell(lists[1], at)} |`),
    ...(sink
      ? [
          '',
          translate(
            '{0} goes to the sink ({1})',
            percent(sink.share),
            sink.tokens.map((at) => codeCell(tokens[at]?.text ?? '')).join(', '),
          ),
        ]
      : []),
    '',
  ].join('\n');
}

interface Weighted {
  token: number;
  weight: number;
}

function strongest(weights: Float32Array): Weighted[] {
  return Array.from(weights, (weight, token) => ({ token, weight }))
    .filter(({ weight }) => weight >= 0.0005)
    .sort((a, b) => b.weight - a.weight || a.token - b.token)
    .slice(0, ROWS);
}

const percent = (weight: number): string => `${(100 * weight).toFixed(1)} %`;

const LONGEST = 60;

/** A token as code within a table: nothing in it is markup, and no bar ends the cell. */
export function codeCell(text: string): string {
  const visible = [...text.slice(0, LONGEST)].map((letter) => VISIBLE[letter] ?? letter).join('');
  const written = visible.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u00B7').replaceAll('|', '\\|');
  const longest = Math.max(0, ...(written.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const space = written === '' || /^`|`$/.test(written) ? ' ' : '';
  return `${fence}${space}${written || '\u00B7'}${space}${fence}`;
}

const VISIBLE: { readonly [letter: string]: string } = {
  '\n': '↵',
  '\r': '␍',
  '\t': '⇥',
  '\u010A': '↵',
  '\u0120': '·',
  '\u2581': '·',
};

/** Names of models come from files. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!~]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}

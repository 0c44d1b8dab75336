import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const ENTRIES = [
  'server/main.node.ts',
  'server/main.web.ts',
  'server/engine/worker.node.ts',
  'server/engine/worker.web.ts',
  // The build puts it in the place of a dependency's search for its binary.
  'server/engine/backends/nativeBinding.node.ts',
];

type Bundle = Record<string, string>;

function bundle(name: string): Bundle {
  return JSON.parse(readFileSync(join('l10n', name), 'utf8')) as Bundle;
}

/** The entries and all that they import, as syntax trees. */
function reachable(): ts.SourceFile[] {
  const found = new Map<string, ts.SourceFile>();
  const visit = (file: string): void => {
    if (found.has(file) || !existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    found.set(file, tree);
    for (const { fileName } of ts.preProcessFile(text).importedFiles)
      if (fileName.startsWith('.')) visit(`${join(dirname(file), fileName)}.ts`);
  };
  ENTRIES.forEach(visit);
  return [...found.values()];
}

/** The first arguments of all calls of `l10n.t`. */
function keysOf(tree: ts.SourceFile): string[] {
  const keys: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText(tree) === 'l10n.t') {
      const [key] = node.arguments;
      assert.ok(key && ts.isStringLiteralLike(key), `${tree.fileName}: ${node.getText(tree)}`);
      keys.push(key.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return keys;
}

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\d\}/g) ?? [])].sort();

describe('what the server says', () => {
  const keys = [...new Set(reachable().flatMap(keysOf))];

  it('is found in its sources', () => assert.ok(keys.length > 50));

  it('stands in the English bundle as it is', () => {
    const english = bundle('bundle.l10n.json');
    assert.deepEqual(
      keys.filter((key) => english[key] !== key),
      [],
    );
  });

  it('is translated into Simplified Chinese, with every number in its place', () => {
    const chinese = bundle('bundle.l10n.zh-cn.json');
    assert.deepEqual(
      keys.filter((key) => !chinese[key]),
      [],
    );
    for (const key of keys)
      assert.deepEqual(placeholders(chinese[key] ?? ''), placeholders(key), key);
  });

  it('is sorted in the bundles', () => {
    for (const name of ['bundle.l10n.json', 'bundle.l10n.zh-cn.json']) {
      const names = Object.keys(bundle(name));
      assert.deepEqual(names, [...names].sort(), name);
    }
  });
});

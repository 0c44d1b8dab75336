import assert from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The first arguments of all calls of `l10n.t` in a room. */
function keysOf(room: string): Set<string> {
  const keys = new Set<string>();
  for (const name of readdirSync(room).filter((file) => file.endsWith('.ts'))) {
    const text = readFileSync(join(room, name), 'utf8');
    const tree = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && node.expression.getText(tree) === 'l10n.t') {
        const key = node.arguments[0]!;
        assert.ok(ts.isStringLiteralLike(key), `${name}: ${node.getText(tree)}`);
        keys.add(key.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return keys;
}

const places = (text: string) => [...new Set(text.match(/\{\d\}/g) ?? [])].sort();

describe('messages about positions and the Chapter model', () => {
  for (const room of ['server/positional', 'server/chapter']) {
    it(`of ${room} are all there in Chinese`, () => {
      const file = readFileSync(join(room, 'messages.zh-cn.json'), 'utf8');
      const chinese = JSON.parse(file) as { [key: string]: string };
      const keys = keysOf(room);
      assert.deepEqual(Object.keys(chinese).sort(), [...keys].sort());
      for (const key of keys) assert.deepEqual(places(chinese[key]!), places(key), key);
    });
  }
});

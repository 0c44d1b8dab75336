import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Texts = Record<string, string>;

interface Manifest {
  icon: string;
  keywords: string[];
  contributes: {
    commands: { command: string }[];
    keybindings: { command: string; key: string; when?: string }[];
    menus: Record<string, { command?: string }[]>;
    configuration: { properties: Record<string, unknown> };
    walkthroughs: { steps: { description: string; media: { svg: string } }[] }[];
  };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
}

const read = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
const manifestText = readFileSync('package.json', 'utf8');
const manifest = read<Manifest>('package.json');
const english = read<Texts>('package.nls.json');
const chinese = read<Texts>('package.nls.zh-cn.json');
const { contributes } = manifest;
const commands = contributes.commands.map(({ command }) => command);

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return path.endsWith('.ts') ? [readFileSync(path, 'utf8')] : [];
  });
}

describe('the manifest', () => {
  it('has every text in both languages, and none too many', () => {
    const used = [...manifestText.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key).sort();
    assert.deepEqual(Object.keys(english).sort(), [...new Set(used)]);
    assert.deepEqual(Object.keys(chinese), Object.keys(english));
  });

  it('names commands that exist', () => {
    const named = [
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command)),
      ...contributes.keybindings.map(({ command }) => command),
      ...[...JSON.stringify(english).matchAll(/command:([\w.]+)/g)].map(([, command]) => command),
    ].filter((command) => command !== undefined);
    assert.deepEqual(
      named.filter((command) => !commands.includes(command)),
      [],
    );
  });

  it('names files that exist', () => {
    const files = [
      manifest.icon,
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
    ];
    assert.deepEqual(
      files.filter((file) => !existsSync(file)),
      [],
    );
  });

  it('restricts settings that exist, the model among them', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    const settings = Object.keys(contributes.configuration.properties);
    assert.deepEqual(
      restrictedConfigurations.filter((name) => !settings.includes(name)),
      [],
    );
    assert.ok(restrictedConfigurations.includes('attentionLens.model'));
  });

  it('binds keys only where a text or the panel has the focus', () => {
    for (const { when } of contributes.keybindings) assert.match(when ?? '', /^editorTextFocus/);
  });
});

describe("the client's texts", () => {
  it('are in both bundles', () => {
    const calls = sources('client').flatMap((text) => [
      ...text.matchAll(/(?:l10n\.t|[tT]ranslate)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g),
    ]);
    const keys = calls.map(([, single, double]) =>
      (single ?? double ?? '').replaceAll(/\\(['"])/g, '$1'),
    );
    assert.ok(keys.length > 40);
    for (const bundle of ['l10n/bundle.l10n.json', 'l10n/bundle.l10n.zh-cn.json']) {
      const texts = read<Texts>(bundle);
      assert.deepEqual(
        keys.filter((key) => !(key in texts)),
        [],
        bundle,
      );
    }
  });
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { panelStrings } from '../../../webview/strings';
import { setTranslations, t } from '../../../webview/text';

const chinese = JSON.parse(readFileSync('l10n/bundle.l10n.zh-cn.json', 'utf8')) as {
  [english: string]: string;
};

const holes = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();

describe('the panel’s texts', () => {
  afterEach(() => setTranslations({}));

  it('are each listed once and used', () => {
    assert.equal(new Set(panelStrings).size, panelStrings.length);
    const sources = readdirSync('webview', { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.ts') && file !== 'strings.ts')
      .map((file) => readFileSync(join('webview', file), 'utf8'))
      .join('\n');
    for (const text of panelStrings) assert.ok(sources.includes(`'${text}'`), text);
  });

  it('have a Chinese translation with the same places for values', () => {
    for (const text of panelStrings) {
      assert.ok(chinese[text], text);
      assert.deepEqual(holes(chinese[text]), holes(text), text);
    }
  });

  it('are filled in, in the language of the person', () => {
    assert.equal(t('window {0} of {1}', 3, 12), 'window 3 of 12');
    setTranslations({ 'window {0} of {1}': '{1} 中的第 {0}' });
    assert.equal(t('window {0} of {1}', 3, 12), '12 中的第 3');
    assert.equal(t('Cancel'), 'Cancel');
  });

  it('leave a place without a value as it is', () => {
    assert.equal(t('window {0} of {1}', 3), 'window 3 of {1}');
  });
});

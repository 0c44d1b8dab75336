import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { numbersModel } from '../../../client/chapter/documentModel';
import type { LanguageServer } from '../../../client/connection/languageServer';
import { readChapterSettings } from '../../../server/chapter/settings';
import type { Status } from '../../../server/protocol';
import { fakeModel } from '../analysis/fakes';

const document = { uri: { toString: () => 'file:///a.csv' } } as vscode.TextDocument;
const status = { chapter: readChapterSettings({}) } as Status;
const own = { ...fakeModel(), layers: 1, heads: 1 };
const server = (answer: () => object): LanguageServer =>
  ({ request: () => Promise.resolve().then(answer) }) as Partial<LanguageServer> as LanguageServer;

describe('the model that reads a document', () => {
  it('is its own where it is one of numbers and the Chapter model reads it', async () => {
    const numbers = server(() => ({ model: own, numbers: true }));
    assert.equal(await numbersModel(numbers, status, document), own);
    assert.equal(await numbersModel(numbers, { ...status, chapter: null }, document), null);
    assert.equal(await numbersModel(numbers, status, undefined), null);
  });

  it('is the one in use for any other text, and where the numbers have a mistake', async () => {
    const text = server(() => ({ model: own, numbers: false }));
    assert.equal(await numbersModel(text, status, document), null);
    const mistaken = server(() => {
      throw new Error('"three" is not a number.');
    });
    assert.equal(await numbersModel(mistaken, status, document), null);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { DEFAULT_SETTINGS } from '../../../server/analysis/settings';
import { FAILURE_REASONS, MAX_ANSWER_BYTES, PROTOCOL_VERSION } from '../../../server/protocol';

const SOURCE = 'server/protocol.ts';

/** Said once, under "Conventions", for every answer about a document. */
const ABOUT = ['version', 'window', 'model', 'source'];

/** The section below a heading, up to the next heading of the same or a higher level. */
function section(document: string, heading: string): string {
  const lines = document.split('\n');
  const from = lines.findIndex((line) => line.replace(/^#+ /, '') === heading && /^#/.test(line));
  assert.ok(from >= 0, `no section "${heading}"`);
  const level = /^#+/.exec(lines[from] ?? '')?.[0].length ?? 1;
  const rest = lines.slice(from + 1);
  const end = rest.findIndex((line) => new RegExp(`^#{1,${level}} `).test(line));
  return rest.slice(0, end < 0 ? undefined : end).join('\n');
}

/** Names at the beginning of list items: "- `layer`, `head` – …". */
function itemsOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('- `'))
    .flatMap((line) => (line.split(' – ')[0] ?? '').match(/`\w+`/g) ?? [])
    .map((name) => name.slice(1, -1))
    .sort();
}

function partOf(text: string, from: 'Parameters' | 'Result'): string {
  const start = text.indexOf(`${from}:`);
  assert.ok(start >= 0, `no ${from}`);
  const end = from === 'Parameters' ? text.indexOf('Result:') : -1;
  return text.slice(start, end < 0 ? undefined : end);
}

class Types {
  readonly #checker: ts.TypeChecker;
  readonly #source: ts.SourceFile;

  constructor() {
    const program = ts.createProgram([SOURCE], { strict: true, noLib: true, noEmit: true });
    this.#checker = program.getTypeChecker();
    const source = program.getSourceFile(SOURCE);
    assert.ok(source);
    this.#source = source;
  }

  members(name: string): ts.Symbol[] {
    const found = this.#source.statements.find(
      (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
    );
    assert.ok(found, `no interface ${name}`);
    return this.#checker.getTypeAtLocation(found).getProperties();
  }

  /** Names of the members of a member of `symbol`, or of its own without `inner`. */
  names(symbol: ts.Symbol, inner?: string): string[] {
    const type = this.#checker.getTypeOfSymbolAtLocation(symbol, this.#source);
    const chosen = inner ? type.getProperty(inner) : undefined;
    const asked = chosen ? this.#checker.getTypeOfSymbolAtLocation(chosen, this.#source) : type;
    return asked
      .getProperties()
      .map((property) => property.name)
      .sort();
  }
}

describe('docs/protocol.md', function () {
  this.timeout(30_000);
  const document = readFileSync('docs/protocol.md', 'utf8');
  let types: Types;
  before(() => (types = new Types()));

  it('describes every request with every parameter and every field of its result', () => {
    for (const request of types.members('ServerRequests')) {
      const text = section(document, `\`${request.name}\``);
      assert.deepEqual(itemsOf(partOf(text, 'Parameters')), types.names(request, 'params'));
      if (request.name === 'attentionLens/restart') continue;
      const fields = types.names(request, 'result');
      const always = fields.includes('version') ? ABOUT : [];
      const told = itemsOf(partOf(text, 'Result'));
      assert.deepEqual([...new Set([...told, ...always])].sort(), fields, request.name);
    }
    assert.deepEqual(itemsOf(section(document, 'Conventions')), [...ABOUT].sort());
  });

  it('describes what the client is asked and what is only told', () => {
    for (const request of types.members('ClientRequests')) {
      const text = section(document, `\`${request.name}\``);
      assert.deepEqual(itemsOf(partOf(text, 'Parameters')), types.names(request, 'params'));
      assert.deepEqual(itemsOf(partOf(text, 'Result')), types.names(request, 'result'));
    }
    for (const notification of types.members('ClientNotifications')) {
      const text = section(document, `\`${notification.name}\``);
      assert.deepEqual(itemsOf(partOf(text, 'Parameters')), types.names(notification));
    }
    for (const { name } of types.members('ServerNotifications')) section(document, `\`${name}\``);
  });

  it('names no method that does not exist', () => {
    const methods = [
      'ServerRequests',
      'ClientRequests',
      'ServerNotifications',
      'ClientNotifications',
    ]
      .flatMap((name) => types.members(name))
      .map(({ name }) => name);
    const named = document.match(/attentionLens\/\w+/g) ?? [];
    assert.deepEqual(
      [...new Set(named)].filter((name) => !methods.includes(name)),
      [],
    );
  });

  it('describes the model, the settings, the reasons and the numbers', () => {
    const model = types.members('Model').map(({ name }) => name);
    assert.deepEqual(itemsOf(section(document, 'The model')), model.sort());
    const options = ['Settings', 'InitializationOptions']
      .flatMap((name) => types.members(name))
      .map(({ name }) => name);
    const settings = section(document, 'Settings');
    assert.deepEqual(itemsOf(settings), [...new Set(options)].sort());
    const { engine, hover, maxDocumentLength } = DEFAULT_SETTINGS;
    assert.ok(settings.includes(`\`${shown(engine)}\``));
    assert.ok(settings.includes(`\`${shown(hover)}\``));
    assert.ok(settings.includes(String(maxDocumentLength)));
    assert.deepEqual(itemsOf(section(document, 'Errors')), [...FAILURE_REASONS].sort());
    assert.ok(document.includes(`**version ${PROTOCOL_VERSION}**`));
    assert.ok(document.includes(`${MAX_ANSWER_BYTES.toLocaleString('en')} bytes`));
  });
});

function shown(group: object): string {
  return JSON.stringify(group)
    .replaceAll(':', ': ')
    .replaceAll(',', ', ')
    .replace('{', '{ ')
    .replace('}', ' }');
}

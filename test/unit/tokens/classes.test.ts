import assert from 'node:assert/strict';
import * as native from 'tokenizers';
import { decompose, decomposeCharacter } from '../../../server/tokens/normalizers/decomposition';
import * as classes from '../../../server/tokens/unicode/classes';
import { lowercase } from '../../../server/tokens/unicode/lowercase';

const none = {
  cleanText: false,
  handleChineseChars: false,
  stripAccents: false,
  lowercase: false,
};
/** Stays as it is whatever is done here, and keeps neighbours apart. */
const SEPARATOR = '\ua000';
const PER_CALL = 1024;

/** Planes 4 to 13 are unassigned and 15 and 16 are private: each is asked here and there. */
const SPARSE_STEP = 251;

/** Every code point that a text can hold on its own, but the one that separates them here. */
function allCharacters(): string[] {
  const characters: string[] = [];
  for (let code = 0; code < 0x110000; code += isSparse(code) ? SPARSE_STEP : 1) {
    const character = String.fromCodePoint(code);
    if ((code < 0xd800 || code > 0xdfff) && character !== SEPARATOR) characters.push(character);
  }
  return characters;
}

function isSparse(code: number): boolean {
  const plane = code >> 16;
  return plane > 3 && plane !== 14;
}

describe('character classes, code point by code point beside the reference', function () {
  this.timeout(120_000);
  const characters = allCharacters();

  /** What a normalizer of the reference makes of each character, asked many at a time. */
  function assertEach(
    normalizer: Pick<native.Normalizer, 'normalizeString'>,
    ours: (character: string) => string,
  ): void {
    const different: string[] = [];
    for (let at = 0; at < characters.length; at += PER_CALL) {
      const asked = characters.slice(at, at + PER_CALL);
      const answers = normalizer.normalizeString(asked.join(SEPARATOR)).split(SEPARATOR);
      asked.forEach((character, index) => {
        if (ours(character) !== answers[index]) different.push(hexadecimal(character));
      });
    }
    assert.deepEqual(different, []);
  }

  it('lowercase', () => {
    assertEach(native.bertNormalizer({ ...none, lowercase: true }), lowercase);
  });

  it('marks that StripAccents drops', () => {
    assertEach(native.stripAccentsNormalizer(), (character) =>
      classes.isMark(character) ? '' : character,
    );
  });

  it('decomposition, and the marks that BERT drops', () => {
    assertEach(native.nfdNormalizer(), (character) => decomposeCharacter(character, 'NFD'));
    assertEach(native.nfkdNormalizer(), (character) => decomposeCharacter(character, 'NFKD'));
    assertEach(native.bertNormalizer({ ...none, stripAccents: true }), (character) =>
      [...decomposeCharacter(character, 'NFD')]
        .filter((part) => !classes.isNonspacingMark(part))
        .join(''),
    );
  });

  it('controls and whitespace', () => {
    assertEach(native.bertNormalizer({ ...none, cleanText: true }), (character) => {
      if (/[\t\n\r]/.test(character)) return ' ';
      if (character === '\0' || character === '\ufffd' || classes.isControl(character)) return '';
      return classes.isWhiteSpace(character) ? ' ' : character;
    });
  });

  /** The pieces that the reference makes of each character between two letters. */
  function assertPieces(
    splitter: native.PreTokenizer,
    ours: (character: string) => string[],
    between: { text: string; pieces: string[] },
  ): void {
    for (let at = 0; at < characters.length; at += PER_CALL) {
      const asked = characters.slice(at, at + PER_CALL);
      const text = asked.map((character) => `a${character}a`).join(between.text);
      const pieces = splitter.preTokenizeString(text).map(([piece]) => piece);
      const expected = asked.flatMap((character) => [...ours(character), ...between.pieces]);
      assert.deepEqual(pieces, expected.slice(0, expected.length - between.pieces.length));
    }
  }

  it('punctuation', () => {
    const ours = (c: string) => {
      if (classes.isWhiteSpace(c)) return ['a', 'a'];
      return classes.isPunctuation(c) ? ['a', c, 'a'] : [`a${c}a`];
    };
    assertPieces(native.bertPreTokenizer(), ours, { text: ' ', pieces: [] });
  });

  it('word characters', () => {
    const ours = (c: string) => {
      if (classes.isWhiteSpace(c)) return ['a', 'a'];
      return classes.isWordCharacter(c) ? [`a${c}a`] : ['a', c, 'a'];
    };
    assertPieces(native.whitespacePreTokenizer(), ours, { text: ' ', pieces: [] });
  });

  it('numbers', () => {
    const ours = (c: string) => (classes.isNumeric(c) ? ['a', c, 'a'] : [`a${c}a`]);
    assertPieces(native.digitsPreTokenizer(true), ours, { text: '1', pieces: ['1'] });
  });

  it('combining classes: which characters move, and past which', () => {
    const marks = ['\u0334', '\u05b0', '\u0327', '\u0323', '\u0301', '\u0345'];
    const reference = native.nfdNormalizer();
    const lowestAndHighest = (character: string) => `\u0345${character}\u0334`;
    assertEach(
      { normalizeString: (text) => reference.normalizeString(replaceEach(text, lowestAndHighest)) },
      (character) => decomposed(lowestAndHighest(character)),
    );
    for (const character of characters.filter((each) => classes.isCombining(each))) {
      for (const mark of marks) {
        for (const pair of [character + mark, mark + character]) {
          assert.equal(decomposed(pair), reference.normalizeString(pair), hexadecimal(character));
        }
      }
    }
  });
});

function replaceEach(text: string, replacement: (character: string) => string): string {
  return Array.from(text, (c) => (c === SEPARATOR ? c : replacement(c))).join('');
}

function decomposed(text: string): string {
  return decompose(text, 'NFD')
    .map(({ character }) => character)
    .join('');
}

function hexadecimal(character: string): string {
  return character.codePointAt(0)!.toString(16);
}

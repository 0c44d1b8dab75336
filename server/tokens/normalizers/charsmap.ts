import * as l10n from '@vscode/l10n';
import { TokenizerError } from '../tokenizer';

const utf8 = new TextEncoder();
const MASK = 0x800000ff;
const HAS_VALUE = 0x100;

/**
 * A character map as SentencePiece compiles it: a double-array trie (Darts) over UTF-8
 * bytes that leads to places in a list of replacements, each ended by a zero byte.
 */
export class Charsmap {
  private readonly units: Uint32Array;
  private readonly replacements: Uint8Array;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  /**
   * Layout: byte length of the trie as u32, its units as u32, all little-endian, then
   * the replacements.
   * @throws TokenizerError if it is damaged anywhere
   */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = bytes.length < 4 ? -1 : view.getUint32(0, true);
    if (size < 4 || size % 4 !== 0 || size + 4 > bytes.length) refuse();
    this.units = Uint32Array.from({ length: size / 4 }, (_, at) =>
      view.getUint32(4 + 4 * at, true),
    );
    this.replacements = bytes.subarray(4 + size);
    this.check();
  }

  /**
   * What replaces `text`: the replacement of its shortest beginning that has one, as
   * SentencePiece's own readers look it up; or null.
   */
  look(text: string): string | null {
    let node = this.children(0);
    for (const byte of utf8.encode(text)) {
      if (byte === 0) return null;
      node ^= byte;
      const unit = this.units[node];
      if (unit === undefined || (unit & MASK) >>> 0 !== byte) return null;
      node ^= offsetOf(unit);
      if (unit & HAS_VALUE) return this.replacement(this.units[node]!);
    }
    return null;
  }

  private children(node: number): number {
    return node ^ offsetOf(this.units[node]!);
  }

  private replacement(value: number): string {
    const start = value & 0x7fffffff;
    const end = this.replacements.indexOf(0, start);
    return this.decoder.decode(this.replacements.subarray(start, end < 0 ? undefined : end));
  }

  /** Follows every edge once. */
  private check(): void {
    const seen = new Uint8Array(this.units.length);
    const pending = [this.children(0)];
    for (let base = pending.pop(); base !== undefined; base = pending.pop()) {
      for (let byte = 1; byte < 256; byte++) {
        const node = base ^ byte;
        const unit = this.units[node];
        if (unit === undefined || (unit & MASK) >>> 0 !== byte || seen[node]) continue;
        seen[node] = 1;
        const next = node ^ offsetOf(unit);
        if (unit & HAS_VALUE) this.checkValue(this.units[next]);
        pending.push(next);
      }
    }
  }

  private checkValue(value: number | undefined): void {
    if (value === undefined || (value & 0x7fffffff) >= this.replacements.length) refuse();
    try {
      this.replacement(value);
    } catch {
      refuse();
    }
  }
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

function refuse(): never {
  throw new TokenizerError(
    l10n.t(
      'The character map of the tokenizer.json is damaged. Get the file again from where the model comes from.',
    ),
  );
}

/** @throws TokenizerError if it is not base64, or the map is damaged */
export function charsmapOf(base64: string): Charsmap {
  let text: string;
  try {
    text = atob(base64);
  } catch {
    refuse();
  }
  return new Charsmap(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}

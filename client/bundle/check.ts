/** Recomputes a bundle's numbers with the model, where it is in use here, and says how far they are apart. */
import {
  INITIAL_SELECTION,
  type Position,
  type Selection,
  type Status,
} from '../../server/protocol';
import type { PanelBundle } from '../../webview/protocol';
import { decodeFloats } from '../bytes';
import type { AttentionServer } from '../connection/attentionServer';
import { toFailure } from '../connection/failure';
import { positionInWindow } from '../panel/windows';
import { retryStale } from '../retry';
import type { Translate } from '../translate';
import type { Bundle } from './bundle';
import type { Precision, StoredMaps } from './storedMaps';

/** Numbers of one answer; see the protocol's limit. */
const MOST_NUMBERS = 147_456;
/**
 * Engines differ by less than the first in float32; float16 rounds a weight by half of a thousandth
 * at most.
 */
const SAME: { readonly [precision in Precision]: number } = { float32: 1e-4, float16: 6e-4 };

export interface CheckParts {
  server: AttentionServer;
  bundle: Bundle;
  translate: Translate;
  /** Opens the bundle's text as a document that the server is told of; the URI is its. */
  openText: () => Promise<string>;
  changed: (check: PanelBundle['check']) => void;
}

/** One map that is stored, and what it is of. */
interface Stored {
  maps: StoredMaps;
  at: number;
  selection: Selection;
}

export class BundleCheck {
  readonly #parts: CheckParts;
  readonly #stopListening: () => void;
  #running: AbortController | null = null;
  /** What was found is not looked for again. */
  #isDone = false;

  constructor(parts: CheckParts) {
    this.#parts = parts;
    this.#stopListening = parts.server.onStatus((status) => {
      if (status?.state === 'ready' && !this.#running && !this.#isDone) void this.run();
    });
  }

  dispose(): void {
    this.#isDone = true;
    this.#stopListening();
    this.#running?.abort();
  }

  /** Checks as far as that is possible now; starts the server where it has to. */
  async run(): Promise<void> {
    const running = (this.#running = new AbortController());
    try {
      this.#tell('running', this.#parts.translate('Checking against the model …'), null);
      const { server } = this.#parts;
      const status = await server.request('attentionLens/status', {}, { signal: running.signal });
      // Its listener comes back here once a model is loaded.
      if (status.state !== 'ready') return;
      const problem = this.#problem(status);
      if (problem !== null) this.#tell('open', problem, null);
      else await this.#compare(running.signal);
    } catch (error) {
      if (running.signal.aborted) return;
      const { message } = toFailure(error);
      this.#tell('open', this.#parts.translate('Not checked: {0}', message), null);
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }

  /** Why the model in use cannot be asked; null where it can. A document of numbers brings its own. */
  #problem({ model, chapter }: Status): string | null {
    const { translate } = this.#parts;
    const { manifest } = this.#parts.bundle;
    if (manifest.numbers) return null;
    if (model?.hash !== manifest.model.hash)
      return translate(
        'Not checked: the model “{0}” is not in use here; choose it to have its numbers compared.',
        manifest.model.name,
      );
    if (manifest.chapter && JSON.stringify(chapter) !== JSON.stringify(manifest.chapter))
      return translate('Not checked: the Chapter model’s controls are other ones here.');
    return null;
  }

  async #compare(signal: AbortSignal): Promise<void> {
    const { translate, server, bundle } = this.#parts;
    const uri = await this.#parts.openText();
    const ask = this.#asker(uri, signal);
    const { window, model } = bundle.manifest;
    const position = await positionInWindow(window.index, window.range.start, async (at) => {
      const slice: [number, number] = [0, 1];
      const answer = await retryStale(
        () =>
          server.request(
            'attentionLens/tokens',
            { textDocument: { uri }, position: at, slice },
            { signal },
          ),
        () => !signal.aborted,
      );
      return answer.window;
    });
    const where = { textDocument: { uri }, position: position ?? window.range.start };
    const tokens = await server.request('attentionLens/tokens', where, { signal });
    const ids = tokens.tokens.map(({ id }) => id).join();
    if (tokens.model.hash !== model.hash || ids !== bundle.tokens.map(({ id }) => id).join()) {
      this.#end('different', translate('Here the model cuts the text into other tokens.'));
      return;
    }
    const worst = await this.#worst((selection, queries) =>
      ask(where.position, selection, queries),
    );
    const number = worst === 0 ? '0' : worst.toExponential(1);
    const precision = (bundle.maps.weights ?? bundle.maps.shown)!.precision;
    if (worst <= SAME[precision])
      this.#end(
        'same',
        translate('This machine gives the same numbers: the worst differs by {0}.', number),
      );
    else
      this.#end(
        'different',
        translate('This machine gives other numbers: the worst differs by {0}.', number),
      );
  }

  #asker(
    uri: string,
    signal: AbortSignal,
  ): (
    position: Position,
    selection: Selection,
    queries: [number, number],
  ) => Promise<Float32Array> {
    const { tokens } = this.#parts.bundle.manifest.window;
    const { encoding } = this.#parts.bundle.manifest.selection;
    return async (position, selection, queries) => {
      const size = { rows: queries[1] - queries[0], columns: tokens };
      const keys: [number, number] = [0, tokens];
      const what = { ...selection, encoding, merge: 'tokens', queries, keys, size } as const;
      const where = { textDocument: { uri }, position };
      const { server } = this.#parts;
      const answer = await server.request('attentionLens/map', { ...where, ...what }, { signal });
      return decodeFloats(answer.values);
    };
  }

  /** The largest difference of any stored weight. */
  async #worst(
    ask: (selection: Selection, queries: [number, number]) => Promise<Float32Array>,
  ): Promise<number> {
    const { translate } = this.#parts;
    const { tokens } = this.#parts.bundle.manifest.window;
    const rows = Math.max(1, Math.floor(MOST_NUMBERS / tokens));
    const all = this.#stored();
    let worst = 0;
    for (const [index, { maps, at, selection }] of all.entries()) {
      for (let start = 0; start < tokens; start += rows) {
        const end = Math.min(tokens, start + rows);
        const values = await ask(selection, [start, end]);
        for (let query = start; query < end; query++)
          maps.row(at, query).forEach((weight, key) => {
            const here = values[(query - start) * tokens + key]!;
            worst = Math.max(worst, Math.abs(weight - here));
          });
      }
      const share = (index + 1) / all.length;
      const percent = Math.round(100 * share);
      this.#tell('running', translate('Checking against the model, {0} % …', percent), share);
    }
    return worst;
  }

  #stored(): Stored[] {
    const { manifest, maps } = this.#parts.bundle;
    const { layers, heads } = manifest.model;
    const listed =
      manifest.heads ??
      Array.from({ length: layers * heads }, (_, at) => [Math.floor(at / heads), at % heads]);
    const perHead = (stored: StoredMaps | null, reading: Selection['reading']): Stored[] =>
      !stored
        ? []
        : listed.map(([layer, head], at) => ({
            ...{ maps: stored, at },
            selection: { ...INITIAL_SELECTION, layer: layer, head: head, reading },
          }));
    const { rollout, shown } = maps;
    return [
      ...perHead(maps.weights, 'raw'),
      ...perHead(maps.valueWeighted, 'valueWeighted'),
      ...Array.from({ length: rollout ? layers : 0 }, (_, layer) => ({
        ...{ maps: rollout!, at: layer },
        selection: { ...INITIAL_SELECTION, layer, reading: 'rollout' as const },
      })),
      ...(shown ? [{ maps: shown, at: 0, selection: manifest.selection }] : []),
    ];
  }

  #end(state: 'same' | 'different', message: string): void {
    this.#isDone = true;
    this.#tell(state, message, null);
  }

  #tell(state: PanelBundle['check']['state'], message: string, progress: number | null): void {
    this.#parts.changed({ state, message, progress });
  }
}

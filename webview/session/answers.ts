import { ChannelError } from '../../channel/channel';
import type { Aggregate, Model, Reading } from '../../server/protocol';
import { isInterrupted, isLeftOut } from '../../server/selectionRules';
import { STALE, type PanelOverview, type PanelState, type PanelTokens } from '../protocol';
import { askLayerMeans, type LayerMeans } from './layerMeans';
import type { HostChannel } from './hostChannel';
import { lensKey, type Lens } from './lens';

/** The largest thumbnail that the protocol gives. */
const THUMBNAIL_SIZE = 64;

/** Reasons after which nothing is missing: nobody wants the answer any more, or a new one will come. */
const UNREMARKABLE: ReadonlySet<string> = new Set(['cancelled', 'closed', STALE]);
/** A bundle may lack what the layers' means are made of; the rail then has only what it holds. */
const NOT_IN_BUNDLE = 'notInBundle';

export type Overview = PanelOverview & Lens;

/**
 * What belongs to a whole snapshot: its tokens, thumbnails and each layer's heads as one. Each is asked for
 * once; an old answer stays until the new one is here, so that a good picture is never taken
 * away for an empty one.
 */
export class Answers {
  tokens: PanelTokens | null = null;
  overview: Overview | null = null;
  means: LayerMeans | null = null;
  /** Why something is missing, in the host's words. */
  failure: string | null = null;

  readonly #channel: HostChannel;
  readonly #changed: () => void;
  #running = new AbortController();
  #askedFor = '';
  #generation = -1;

  constructor(channel: HostChannel, changed: () => void) {
    this.#channel = channel;
    this.#changed = changed;
  }

  /** Asks for what a snapshot needs, and no longer for what the one before needed. */
  follow(state: PanelState, lens: Lens, aggregate: Aggregate): void {
    this.#generation = state.generation;
    if (!state.document) {
      this.#running.abort();
      this.#askedFor = '';
      this.tokens = this.overview = this.means = null;
      return;
    }
    const wanted = `${state.generation}/${lensKey(lens)}`;
    const question = `${wanted}/${aggregate}`;
    if (state.status?.state !== 'ready' || question === this.#askedFor) return;
    this.#askedFor = question;
    this.#running.abort();
    this.#running = new AbortController();
    this.failure = null;
    void this.#ask(state.generation, lens, aggregate, this.#running.signal);
  }

  /** Lets the next `follow` ask again for what could not be had. */
  forgetAsked(): void {
    this.#askedFor = '';
  }

  /** Keeps why something could not be had, unless a newer snapshot is on its way anyway. */
  report(error: unknown): void {
    if (!(error instanceof ChannelError)) throw error;
    if (UNREMARKABLE.has(error.reason)) return;
    this.failure = error.message;
    this.#changed();
  }

  async #ask(
    generation: number,
    lens: Lens,
    aggregate: Aggregate,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const asked = [
        this.#channel.request('tokens', { generation }, { signal }),
        this.#askOverview(generation, lens, signal),
      ] as const;
      // Both are waited for below; one that fails while the other is waited for is no surprise.
      for (const request of asked) request.catch(() => undefined);
      const tokens = await asked[0];
      this.#take(tokens, () => (this.tokens = tokens));
      const overview = await asked[1];
      const count = tokens.texts.length;
      const layers = picturedLayers(tokens.model, lens.reading);
      const size = overview?.size ?? Math.min(THUMBNAIL_SIZE, count);
      const about = { generation, ...lens, aggregate, size, layers, tokens: count };
      await this.#askMeans(about, signal);
    } catch (error) {
      this.report(error);
    }
  }

  async #askMeans(about: Parameters<typeof askLayerMeans>[1], signal: AbortSignal): Promise<void> {
    try {
      await askLayerMeans(this.#channel, about, signal, (means) =>
        this.#take(means, () => (this.means = means)),
      );
    } catch (error) {
      if (!ChannelError.is(error, NOT_IN_BUNDLE)) throw error;
    }
  }

  /** The heads' thumbnails, unless they are here; rollout has none, its layers alone have pictures. */
  async #askOverview(
    generation: number,
    lens: Lens,
    signal: AbortSignal,
  ): Promise<Overview | null> {
    if (lens.reading === 'rollout') {
      this.overview = null;
      return null;
    }
    const { overview } = this;
    if (overview?.generation === generation && lensKey(overview) === lensKey(lens)) return overview;
    const params = { generation, ...lens, size: THUMBNAIL_SIZE };
    const answer = await this.#channel.request('overview', params, { signal });
    const found = { ...answer, ...lens };
    this.#take(found, () => (this.overview = found));
    return found;
  }

  /** Drops what answers an older question. */
  #take(answer: { generation: number }, keep: () => void): void {
    if (answer.generation !== this.#generation) return;
    keep();
    this.#changed();
  }
}

/** The layers that have pictures: those that are not left out, and for rollout those below the first that is. */
function picturedLayers(model: Model, reading: Reading): number[] {
  return Array.from({ length: model.layers }, (_, layer) => layer).filter((layer) =>
    reading === 'rollout' ? !isInterrupted(layer, model) : !isLeftOut(layer, model),
  );
}

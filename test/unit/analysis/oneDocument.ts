/** What tests of one open document share. */
import { Lens } from '../../../server/analysis/lens';
import type { ReadyModel } from '../../../server/analysis/modelSlot';
import type { Position } from '../../../server/protocol';
import type { FakeEngine } from './fakes';
import { fakeHost, fakeReady } from './fakes';

export const uri = 'file:///text';
export const textDocument = { uri };
export const wanted = { signal: new AbortController().signal };
export const start: Position = { line: 0, character: 0 };

/** A lens with the text open and the model ready. */
export async function lensWith(
  engine: FakeEngine,
  text: string,
  contextLength = 32,
): Promise<{ lens: Lens; ready: ReadyModel }> {
  const ready = fakeReady(engine, contextLength);
  const lens = new Lens(fakeHost(ready));
  lens.open(uri, 1, text);
  await lens.loadModel('bundled', wanted.signal);
  return { lens, ready };
}

/** An insertion into the first line. */
export const insert = (
  character: number,
  text: string,
): { range: { start: Position; end: Position }; text: string } => ({
  range: { start: { line: 0, character }, end: { line: 0, character } },
  text,
});

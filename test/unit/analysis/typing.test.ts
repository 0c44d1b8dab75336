import assert from 'node:assert/strict';
import { Lens } from '../../../server/analysis/lens';
import { WindowPlan } from '../../../server/analysis/windows';
import { FakeEngine, fakeHost, fakeReady, scheduler } from './fakes';

const uri = 'file:///text';
const wanted = { signal: new AbortController().signal };

describe('typing', () => {
  it('queues nothing up, however fast it is, and the last version is answered', async () => {
    const engine = new FakeEngine();
    engine.manual = true;
    const lens = new Lens(fakeHost(fakeReady(engine)));
    lens.open(uri, 1, 'first words here');
    await lens.loadModel('bundled', wanted.signal);
    const hovers: Promise<unknown>[] = [];
    for (let edit = 1; edit <= 2000; edit++) {
      const end = { line: 0, character: 5 };
      const text = String(edit).padStart(5, 'x');
      lens.change(uri, 1 + edit, [{ range: { start: { line: 0, character: 0 }, end }, text }]);
      if (edit % 50 === 0) hovers.push(lens.hover(uri, { line: 0, character: 1 }, true, wanted));
      if (edit % 10 === 0) await scheduler.pause();
    }
    engine.manual = false;
    for (const job of engine.jobs) if (!job.aborted) job.finish();
    for (const hover of await Promise.all(hovers))
      assert.match((hover as { text: string }).text, /^\*\*`x2000`\*\*/);
    assert.ok(engine.jobs.length <= hovers.length + 2, `${engine.jobs.length} analyses begun`);
  });

  it('changes the windows that it stands in, and hardly another', () => {
    const ids = Int32Array.from({ length: 20_000 }, (_, at) => Math.imul(at, at * 31) % 997);
    const contentsOf = (all: Int32Array): Map<string, [number, number]> => {
      const plan = new WindowPlan(510);
      plan.extend(all, true);
      const bounds = Array.from({ length: plan.count ?? 0 }, (_, index) => plan.bounds(index));
      return new Map(bounds.map(([first, end]) => [all.slice(first, end).join(), [first, end]]));
    };
    const before = contentsOf(ids);
    const edits = 100;
    let [inside, outside] = [0, 0];
    for (let edit = 0; edit < edits; edit++) {
      const at = (edit * 7919) % ids.length;
      const inserted = edit % 3 === 0 ? [5000 + edit] : [];
      const rest = edit % 3 === 1 ? ids.slice(at + 1) : ids.slice(at);
      const changed = Int32Array.from([...ids.slice(0, at), ...inserted, ...rest]);
      if (edit % 3 === 2) changed[at] = 9000 + edit;
      for (const [content, [first, end]] of contentsOf(changed)) {
        if (before.has(content)) continue;
        if (first <= at && at < end) inside++;
        else outside++;
      }
    }
    assert.ok(inside <= 3 * edits, `${inside} windows with the edit in them`);
    assert.ok(outside <= 0.3 * edits, `${outside} windows without it`);
  });
});

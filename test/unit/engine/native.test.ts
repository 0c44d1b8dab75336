import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ChannelError } from '../../../channel/channel';
import { threadsFor } from '../../../server/engine/backends/backend';
import { largestDifference } from '../../../server/engine/backends/parity';
import { engineOf, loadBundled, loadParams } from './openEngine.node';
import type { Engine } from '../../../server/engine/engine';
import type { LoadParams } from '../../../server/engine/protocol';

const NATIVE = `native/${process.platform}-${process.arch}`;

describe('native engine', function () {
  this.timeout(120_000);
  let params: LoadParams;
  let engine: Engine | undefined;

  before(async () => {
    params = { ...loadParams(await loadBundled()), backend: 'native', threads: 0 };
  });

  afterEach(() => engine?.dispose());

  const refuses = async (sentence: RegExp): Promise<void> => {
    await assert.rejects(
      engine!.load(params),
      (error) => ChannelError.is(error, 'backendUnavailable') && sentence.test(error.message),
    );
  };

  describe(existsSync(join('dist', NATIVE)) ? 'where there is one' : 'where there is none', () => {
    if (!existsSync(join('dist', NATIVE))) {
      it('says so', () => {
        engine = engineOf('dist/engine.js');
        return refuses(/no native engine for/);
      });
      return;
    }

    it('runs the bundled model, and says that it does', async () => {
      engine = engineOf('dist/engine.js');
      const report = await engine.load(params);
      assert.equal(report.backend, 'native');
      assert.match(report.detail, /^ONNX Runtime [\d.]+ \(native\), 8 slices/);
      assert.ok(report.probeError < 1e-5, report.detail);
    });

    it('gives WebAssembly’s weights, on few tokens and on many', async () => {
      const [native, wasm] = [engineOf('dist/engine.js'), engineOf('dist/engine.js')];
      engine = native;
      try {
        await native.load(params);
        await wasm.load({ ...params, backend: 'wasm' });
        const { signal } = new AbortController();
        const difference = await largestDifference([native, wasm], params.manifest, signal);
        assert.ok(difference < 1e-4, `a weight differs by ${difference}`);
      } finally {
        wasm.dispose();
      }
    });

    it('survives threads that are ended while they compute', async () => {
      for (let life = 0; life < 3; life++) {
        engine = engineOf('dist/engine.js');
        await engine.load(params);
        const ids = new Int32Array(512).fill(1000);
        const analysis = engine.analyse({ window: 'w', ids, specialTokens: [] });
        engine.dispose();
        await assert.rejects(analysis, (error) => ChannelError.is(error, 'closed'));
      }
    });

    describe('that is damaged', () => {
      let folder: string;
      let files: string[];
      const replace = (file: string, content?: string): void => {
        rmSync(join(folder, NATIVE, file));
        if (content !== undefined) writeFileSync(join(folder, NATIVE, file), content);
      };

      beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), 'attention-lens-'));
        copyFileSync('dist/engine.js', join(folder, 'engine.js'));
        mkdirSync(join(folder, NATIVE), { recursive: true });
        files = readdirSync(join('dist', NATIVE));
        for (const file of files)
          symlinkSync(resolve('dist', NATIVE, file), join(folder, NATIVE, file));
        files = files.filter((file) => file !== 'files.json');
        engine = engineOf(join(folder, 'engine.js'));
      });

      afterEach(() => rmSync(folder, { recursive: true, force: true }));

      it('is missed where its list of files is gone', () => {
        replace('files.json');
        return refuses(/no native engine for/);
      });

      it('names the list of files where that cannot be read', () => {
        replace('files.json', '{"a":');
        return refuses(/"files\.json" is missing or damaged/);
      });

      it('names the file that is gone', () => {
        replace(files[0]!);
        return refuses(new RegExp(`"${files[0]}" is missing or damaged`));
      });

      it('names the file that is not what was built', () => {
        replace(files[0]!, 'not a library');
        return refuses(new RegExp(`"${files[0]}" is missing or damaged`));
      });

      it('is refused where the system itself cannot load it', () => {
        replace('files.json', '{}');
        replace('onnxruntime_binding.node', 'not a library');
        return refuses(/cannot be loaded on this system/);
      });
    });
  });
});

describe('threads of an engine', () => {
  it('are half the cores up to four for native code, and one for WebAssembly', () => {
    const cores = [1, 2, 3, 4, 8, 64];
    assert.deepEqual(
      cores.map((count) => threadsFor('native', 0, count)),
      [1, 1, 1, 2, 4, 4],
    );
    for (const count of cores) {
      assert.equal(threadsFor('wasm', 0, count), 1);
      assert.equal(threadsFor('webgpu', 0, count), 1);
    }
  });

  it('are as many as were asked for', () => {
    assert.equal(threadsFor('wasm', 3, 2), 3);
    assert.equal(threadsFor('native', 6, 8), 6);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { unzipSync, zipSync, type Zippable } from 'fflate';
import { ArchiveError, type ArchiveReason } from '../../../archive/archiveError';
import { readDirectory, type ArchiveLimits } from '../../../archive/directory';
import { pack } from '../../../archive/pack';
import { unpack } from '../../../archive/unpack';
import { mutateBytes } from '../../fuzz/mutateBytes';
import { Random } from '../../fuzz/random';

const LIMITS: ArchiveLimits = { entries: 8, bytes: 2 ** 20 };
const DATE = new Date('2026-01-02T03:04:05Z');
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function read(archive: Uint8Array, limits = LIMITS): Promise<Record<string, Uint8Array>> {
  const entries = [...readDirectory(archive, limits).values()];
  const files: Record<string, Uint8Array> = {};
  for (const entry of entries) files[entry.name] = await unpack(archive, entry);
  return files;
}

async function refused(archive: Uint8Array, reason: ArchiveReason): Promise<void> {
  await assert.rejects(read(archive), (error) => {
    assert.ok(error instanceof ArchiveError, String(error));
    assert.equal(error.reason, reason);
    return true;
  });
}

/** An archive of two small files, one of them stored as it is. */
const two = (): Uint8Array =>
  zipSync({ 'a.txt': encode('alpha '.repeat(50)), 'b.bin': [encode('beta'), { level: 0 }] });

/** The archive with a text replaced by another of the same length, wherever it stands. */
function replaced(archive: Uint8Array, from: string, to: string): Uint8Array {
  const text = Buffer.from(archive).toString('latin1').replaceAll(from, to);
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

describe('Archives', () => {
  const names = fc.constantFrom('a', 'b.txt', 'C.npy', 'd-1_2.json', 'e.e.e');
  const files = fc.dictionary(names, fc.uint8Array({ maxLength: 5000 }), { maxKeys: 5 });

  it('are read as they were packed, by this and by the library', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (given) => {
        const list = Object.entries(given).map(([name, bytes]) => ({ name, bytes }));
        const archive = await pack(list, DATE);
        assert.deepEqual(await read(archive), { ...given });
        assert.deepEqual({ ...unzipSync(archive) }, { ...given });
      }),
    );
  });

  it('are read as others pack them', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.boolean(), async (given, stored) => {
        const list: Zippable = Object.fromEntries(
          Object.entries(given).map(([name, bytes]) => [name, [bytes, { level: stored ? 0 : 9 }]]),
        );
        assert.deepEqual(await read(zipSync(list)), { ...given });
      }),
    );
  });

  it('that are damaged are refused by a reason, or hold what they did', async () => {
    const whole = await read(two());
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const changed = mutateBytes(two(), new Random(seed));
        try {
          for (const [name, bytes] of Object.entries(await read(changed)))
            assert.deepEqual(bytes, whole[name] ?? whole[name.toLowerCase()] ?? bytes);
        } catch (error) {
          if (!(error instanceof ArchiveError)) throw error;
        }
      }),
      { numRuns: 600 },
    );
  });

  it('that end too early are told from other files', async () => {
    const archive = two();
    for (const length of [4, 30, archive.length - 1])
      await refused(archive.slice(0, length), 'truncated');
    await refused(new Uint8Array(0), 'notAnArchive');
    await refused(encode('{"format": "attention-lens-bundle"}'), 'notAnArchive');
  });

  it('name nothing but plain files', async () => {
    for (const name of [
      '../../a',
      '/etc/pw',
      'a/b.txt',
      'c:\\x.y',
      '..',
      '.hidden',
      'a\0b',
      'é',
      '',
    ])
      await refused(zipSync({ [name]: encode('x') }), 'unsafeName');
  });

  it('have one entry of a name, whatever its case', async () => {
    await refused(replaced(two(), 'b.bin', 'A.TXT'), 'duplicate');
    await refused(replaced(two(), 'b.bin', 'a.txt'), 'duplicate');
  });

  it('are not unpacked beyond what was agreed', async () => {
    const zeros = zipSync({ 'zeros.npy': new Uint8Array(2 ** 20 + 1) });
    await refused(zeros, 'tooLarge');
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`f${at}`, encode('x')]));
    await refused(zipSync(many), 'tooLarge');
  });

  it('that lie about a length are found out before they fill the memory', async () => {
    // 8 MB of zeros that say of themselves that they are 1000 bytes.
    const bomb = zipSync({ 'a.npy': new Uint8Array(8 * 2 ** 20) });
    const view = new DataView(bomb.buffer);
    const central = bomb.length - 22 - 46 - 5;
    assert.equal(view.getUint32(central, true), 0x02014b50);
    view.setUint32(central + 24, 1000, true);
    await refused(bomb, 'damaged');
    // And the other way round: a few bytes cannot be a megabyte.
    view.setUint32(central + 24, 2 ** 20, true);
    view.setUint32(central + 20, 100, true);
    await refused(bomb, 'damaged');
  });

  it('do not lose what an entry holds to a directory that calls it empty', async () => {
    const archive = two();
    const view = new DataView(archive.buffer);
    const central = view.getUint32(archive.length - 22 + 16, true);
    for (const place of [16, 20, 24]) view.setUint32(central + place, 0, true);
    await refused(archive, 'damaged');
  });

  it('are checked against their CRC', async () => {
    await refused(replaced(two(), 'beta', 'bets'), 'damaged');
  });

  it('are left alone where they are encrypted', async () => {
    const archive = two();
    const view = new DataView(archive.buffer);
    const central = archive.length - 22 - 2 * (46 + 5);
    view.setUint16(central + 8, 1, true);
    await refused(archive, 'unsupported');
  });

  it('let go when they are given up', async () => {
    const archive = await pack([{ name: 'a', bytes: new Uint8Array(1000) }], DATE);
    const [entry] = readDirectory(archive, LIMITS).values();
    const given = new AbortController();
    given.abort();
    await assert.rejects(unpack(archive, entry!, given.signal), { name: 'AbortError' });
  });
});

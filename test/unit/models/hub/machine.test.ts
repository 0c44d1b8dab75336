import assert from 'node:assert/strict';
import { join } from 'node:path';
import { cacheFolder } from '../../../../server/models/hub/machineHub.node';
import { isEndpoint, mayAsk } from '../../../../server/models/hub/endpoint';
import { sizeText } from '../../../../server/models/hub/size';

describe('the hub on this machine', () => {
  it('keeps models where the system keeps caches', () => {
    assert.equal(cacheFolder({}, 'linux', '/home/ann'), join('/home/ann', '.cache', 'attention-lens'));
    assert.equal(cacheFolder({ XDG_CACHE_HOME: '/c' }, 'linux', '/h'), join('/c', 'attention-lens'));
    assert.equal(cacheFolder({}, 'darwin', '/h'), join('/h', 'Library', 'Caches', 'attention-lens'));
    assert.equal(cacheFolder({ LOCALAPPDATA: '/l' }, 'win32', '/h'), join('/l', 'attention-lens'));
  });

  it('is reached by https, and by http on this machine alone', () => {
    for (const fine of ['https://huggingface.co', 'https://mirror.example/hf/', 'http://localhost:8', 'http://127.9.0.1', 'http://[::1]:3', 'http://hub.localhost'])
      assert.equal(isEndpoint(fine), true, fine);
    for (const wrong of ['http://huggingface.co', 'http://localhost.example', 'http://127.0.0.1.example', 'ftp://a', 'https://a?b', 'https://a#b', 'https://u:p@a', 'a', ''])
      assert.equal(isEndpoint(wrong), false, wrong);
    const at = (url: string, from: string): boolean => mayAsk(new URL(url), new URL(from));
    assert.equal(at('https://cdn.example/x', 'https://huggingface.co'), true);
    assert.equal(at('http://localhost:9/x', 'https://huggingface.co'), false);
    assert.equal(at('http://localhost:9/x', 'http://127.0.0.1:8'), true);
    assert.equal(at('http://cdn.example/x', 'http://127.0.0.1:8'), false);
  });

  it('tells sizes as people know them', () => {
    const sizes = [0, 1, 12_345, 90_868_376, 999_960_000, 2.2e9, 3e15];
    assert.deepEqual(sizes.map(sizeText), ['0.0 kB', '0.1 kB', '12.3 kB', '90.9 MB', '1.0 GB', '2.2 GB', '3000.0 TB']);
  });
});

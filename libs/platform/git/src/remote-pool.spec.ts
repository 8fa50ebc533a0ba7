import { afterEach, describe, expect, it } from 'vitest';
import { Redacted, systemClock } from '@flotilla/foundation';
import { RemotePool } from './remote-pool.ts';

const pools: RemotePool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.stop())));

function poolOf({ remotesMax = 10, cacheDirectory }: { remotesMax?: number; cacheDirectory?: string } = {}) {
  const limits = { memoryBytesMax: 1_000, diskBytesMax: 1_000, remotesMax };
  const pool = new RemotePool({ ...limits, clock: systemClock, cacheDirectory });
  pools.push(pool);
  return pool;
}

const bearer = (token: string) => ({ kind: 'bearer', token: new Redacted(token) }) as const;
const place = { key: 'shop', url: 'https://git.example.org/shop.git', credentials: bearer('first') };

describe('a pool of remotes', () => {
  it('keeps a remote open between two uses, and opens it anew with another address or another secret', async () => {
    const pool = poolOf();
    const [first, again] = [await pool.open(place), await pool.open(place)];
    const renewed = await pool.open({ ...place, credentials: bearer('second') });
    const moved = await pool.open({ ...place, url: 'https://git.example.org/moved.git' });
    expect([again === first, renewed === first, moved === renewed]).toEqual([true, false, false]);
  });

  it('goes on without a disk when no cache can be made there', async () => {
    const pool = poolOf({ cacheDirectory: import.meta.filename });
    await expect(pool.open(place)).resolves.toHaveProperty('pull');
  });

  it('lets go of the one that was opened longest ago when there are too many', async () => {
    const pool = poolOf({ remotesMax: 2 });
    const first = await pool.open(place);
    await pool.open({ ...place, key: 'second' });
    const third = await pool.open({ ...place, key: 'third' });
    expect([(await pool.open({ ...place, key: 'third' })) === third, (await pool.open(place)) === first]).toEqual([
      true,
      false,
    ]);
  });
});

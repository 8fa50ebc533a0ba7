import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSignature, type KeyList, type SignedText } from '@flotilla/contracts';
import { Redacted } from '@flotilla/foundation';
import { orderKeyPair } from '@flotilla/platform-bus';
import { rotateOrderKey } from './rotate-order-key.ts';

const seed = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const idOf = (text: string) => orderKeyPair(new Redacted(text)).publicKey.id;
const [old, recovery] = [seed(1), seed(2)];
const now = Date.UTC(2026, 0, 1);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-keys-'));
  await writeFile(join(folder, 'order-key'), old);
  const spare = { ...orderKeyPair(new Redacted(recovery)).publicKey, recovery: true };
  await writeFile(join(folder, 'order-recovery-key'), JSON.stringify(spare));
});
afterEach(() => rm(folder, { recursive: true }));

const read = (name: string) => readFile(join(folder, name), 'utf8');
async function lists() {
  const signed = JSON.parse(await read('order-key-lists')) as SignedText[];
  return signed.map(({ text, signature }) => {
    const { number, keys } = JSON.parse(text) as KeyList;
    const named = keys.map(({ id, until, recovery: isSpare }) => [id, until, isSpare].filter(Boolean).join(' '));
    return { number, keys: named, by: readSignature(signature)!.keyId };
  });
}

describe('AT-26: rotating the order key', () => {
  it('names the new key to whoever believes the old one, which is believed for another hour', async () => {
    expect(await rotateOrderKey(folder, { now })).toBe(1);
    const next = idOf(await read('order-key'));
    expect(await lists()).toEqual([
      { number: 1, keys: [next, `${idOf(old)} 2026-01-01T01:00:00.000Z`, `${idOf(recovery)} true`], by: idOf(old) },
    ]);
  });

  it('goes on where it broke off: no key is named to agents that nobody holds', async () => {
    await rotateOrderKey(folder, { now });
    const [next, before] = [await read('order-key'), await lists()];
    await writeFile(join(folder, 'order-key-next'), next);
    await writeFile(join(folder, 'order-key'), old);
    expect([await rotateOrderKey(folder, { now }), await read('order-key'), await lists()]).toEqual([1, next, before]);
  });

  it('names another recovery key where the seed of the old one is lost', async () => {
    await rotateOrderKey(folder, { now, newRecovery: true });
    const spare = idOf(await read('order-recovery-seed'));
    expect([spare === idOf(recovery), (await lists()).at(-1)!.keys.at(-1)]).toEqual([false, `${spare} true`]);
    expect(JSON.parse(await read('order-recovery-key'))).toMatchObject({ id: spare, recovery: true });
  });

  it('does without the old key when that is lost: the recovery key signs, and the old one is believed no more', async () => {
    await rotateOrderKey(folder, { now });
    await rm(join(folder, 'order-key'));
    await writeFile(join(folder, 'seed'), recovery);
    await rotateOrderKey(folder, { now, recoverySeedFile: join(folder, 'seed') });
    expect((await lists()).at(-1)).toEqual({
      number: 2,
      keys: [idOf(await read('order-key')), `${idOf(recovery)} true`],
      by: idOf(recovery),
    });
  });
});

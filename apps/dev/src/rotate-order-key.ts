import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyListSchema, orderKeySchema, renewAnswerSchema, type OrderKey, type SignedText } from '@flotilla/contracts';
import { isoTime, Redacted } from '@flotilla/foundation';
import { orderKeyPair, signKeyList } from '@flotilla/platform-bus';
import { recoveryFileNames, recoveryKeyFiles } from './recovery-key.ts';
import { writeWhole } from './write-whole.ts';

/** For so long orders that were signed with the old key are believed: what is under way arrives. */
const overlapMs = 3_600_000;

const names = {
  key: 'order-key',
  next: 'order-key-next',
  lists: 'order-key-lists',
} as const;

export interface OrderRotation {
  readonly now: number;
  /** Signs in the place of an order key that is lost. */
  readonly recoverySeedFile?: string | undefined;
  /** Names another recovery key, because nobody has the seed of the one there was, or too many have. */
  readonly newRecovery?: boolean | undefined;
}

/**
 * Makes another order key in a folder of keys, and the list that leads agents from the one they believe to it. The old key
 * signs that list; when it is lost, the recovery key does, and the old one is believed no more. The new key is written
 * before the list that names it: whoever is cut off in between runs this again, and goes on where it broke off.
 */
export async function rotateOrderKey(
  folder: string,
  { now, recoverySeedFile, newRecovery = false }: OrderRotation,
): Promise<number> {
  const file = (name: string) => join(folder, name);
  const lists = await readLists(file(names.lists));
  if (await isHalfDone(file(names.next), lists)) {
    await rename(file(names.next), file(names.key));
    return lists.length;
  }
  const signer = orderKeyPair(await seedIn(recoverySeedFile ?? file(names.key)), recoverySeedFile ?? names.key);
  if (newRecovery) {
    for (const [name, text] of Object.entries(recoveryKeyFiles())) await writeWhole(file(name), text);
  }
  const seed = new Redacted(randomBytes(32).toString('base64'));
  const leaving = recoverySeedFile ? [] : [{ ...signer.publicKey, until: isoTime(now + overlapMs) }];
  const keys = [orderKeyPair(seed).publicKey, ...leaving, ...(await recoveryKeyIn(file(recoveryFileNames.key)))];
  const number = lists.length + 1;
  await writeFile(file(names.next), seed.reveal(), { mode: 0o600 });
  await writeWhole(file(names.lists), JSON.stringify([...lists, signKeyList({ number, keys }, { key: signer, now })]));
  await rename(file(names.next), file(names.key));
  return number;
}

/** A new key was named to agents already, and not put in its place yet. */
async function isHalfDone(next: string, lists: readonly SignedText[]): Promise<boolean> {
  const newest = lists.at(-1);
  if (!newest || !existsSync(next)) return false;
  const { id } = orderKeyPair(await seedIn(next)).publicKey;
  return keyListSchema.parse(JSON.parse(newest.text)).keys[0]!.id === id;
}

async function readLists(file: string): Promise<SignedText[]> {
  if (!existsSync(file)) return [];
  return renewAnswerSchema.shape.keyLists.parse(JSON.parse(await readFile(file, 'utf8')));
}

async function seedIn(file: string): Promise<Redacted> {
  return new Redacted((await readFile(file, 'utf8')).trim());
}

async function recoveryKeyIn(file: string): Promise<OrderKey[]> {
  return existsSync(file) ? [orderKeySchema.parse(JSON.parse(await readFile(file, 'utf8')))] : [];
}

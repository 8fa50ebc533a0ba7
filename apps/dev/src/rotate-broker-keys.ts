import { existsSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, isoTime } from '@flotilla/foundation';
import { brokerKeysSchema, createBrokerKeys, nkeyFromSeed, type BrokerKeys } from '@flotilla/platform-bus';
import { brokerFileNames, brokerFiles, type KeysBefore } from './broker-files.ts';
import { writeWhole } from './write-whole.ts';

/**
 * What can be replaced of a broker's keys: the key that makes agents; the operator with its signing key; or all of them, when
 * an account's own key is in strange hands, or when they are lost.
 */
export type BrokerRotation = 'agents' | 'operator' | 'broker';

export interface RotationOptions {
  readonly now: number;
  /** For so long the identities that the old key made still count. */
  readonly overlapMs: number;
}

const { keys: keysFile, agentSigning, retired, account, accountsBefore, operatorSigning, config } = brokerFileNames;

/** The files that change besides the record of keys; no other is touched. */
const changed: Readonly<Record<BrokerRotation, readonly string[] | 'all'>> = {
  agents: [agentSigning, retired, config],
  operator: [operatorSigning, config],
  broker: 'all',
};

/**
 * Makes other keys in a folder of keys and returns the names of the files that are new. The folder's record of keys is
 * written last, so whoever is cut off before runs this again, and nothing that he has seen counts.
 */
export async function rotateBrokerKeys(
  folder: string,
  rotation: BrokerRotation,
  options: RotationOptions,
): Promise<string[]> {
  const before = await readBefore(folder);
  const [keys, leaving] = await rotated(folder, rotation, { before, options });
  const files = Object.entries(brokerFiles(keys, leaving, options.now));
  const names = changed[rotation];
  const written = files.filter(([name]) => names === 'all' || names.includes(name) || name === keysFile);
  await setAside(join(folder, config));
  for (const [name, text] of written) await writeWhole(join(folder, name), text);
  return written.map(([name]) => name).filter((name) => name !== keysFile);
}

interface Rotating {
  readonly before: KeysBefore;
  readonly options: RotationOptions;
}

async function rotated(
  folder: string,
  rotation: BrokerRotation,
  { before, options: { now, overlapMs } }: Rotating,
): Promise<[BrokerKeys, KeysBefore]> {
  const fresh = createBrokerKeys();
  // What an account's keys signed counts as little as the account.
  if (rotation === 'broker')
    return [fresh, { signingKeys: [], accounts: [...before.accounts, await textOf(folder, account)] }];
  const keys = await readKeys(folder);
  if (rotation === 'operator')
    return [{ ...keys, operator: fresh.operator, operatorSigning: fresh.operatorSigning }, before];
  const old = nkeyFromSeed(keys.agentSigning).publicKey;
  const signingKeys = [...before.signingKeys, `${old}@${isoTime(now + overlapMs)}`];
  return [
    { ...keys, agentSigning: fresh.agentSigning },
    { ...before, signingKeys },
  ];
}

async function readKeys(folder: string): Promise<BrokerKeys> {
  const file = join(folder, keysFile);
  if (existsSync(file)) return brokerKeysSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const message = `${file} is not there; put it back, or make all of a broker's keys anew with --rotate-broker`;
  throw new Fault({ code: 'not-found', reason: 'KeysMissing', message });
}

async function readBefore(folder: string): Promise<KeysBefore> {
  const words = async (name: string) =>
    existsSync(join(folder, name)) ? (await textOf(folder, name)).split(',').filter(Boolean) : [];
  return { signingKeys: await words(retired), accounts: await words(accountsBefore) };
}

/** Somebody may have changed the broker's configuration; what it was is kept beside. */
async function setAside(file: string): Promise<void> {
  if (existsSync(file)) await copyFile(file, `${file}.before`);
}

async function textOf(folder: string, name: string): Promise<string> {
  return (await readFile(join(folder, name), 'utf8')).trim();
}

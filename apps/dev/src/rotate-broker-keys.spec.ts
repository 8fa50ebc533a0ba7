import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrokerKeys, nkeyFromSeed, readNatsClaims, type BrokerKeys } from '@flotilla/platform-bus';
import { brokerFiles } from './broker-files.ts';
import { rotateBrokerKeys } from './rotate-broker-keys.ts';

const keys = createBrokerKeys();
const now = Date.UTC(2026, 0, 1);
const day = 86_400_000;
const options = { now, overlapMs: 40 * day };
const publicOf = (seed: string) => nkeyFromSeed(seed).publicKey;
let folder: string;
let first: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-keys-'));
  await mkdir(join(folder, 'nats'));
  first = brokerFiles(keys, { signingKeys: [], accounts: [] }, now);
  for (const [name, text] of Object.entries(first)) await writeFile(join(folder, name), text);
});
afterEach(() => rm(folder, { recursive: true }));

const read = (name: string) => readFile(join(folder, name), 'utf8');
const readKeys = async () => JSON.parse(await read('broker-keys.json')) as BrokerKeys;

/** Names of files whose text is another than it was at first. */
async function changedFiles(): Promise<string[]> {
  const same = await Promise.all(Object.entries(first).map(async ([name, text]) => (await read(name)) === text));
  return Object.keys(first).filter((_, index) => !same[index]);
}

/** Who signed the accounts that a broker is started with. */
async function accountSigners(): Promise<string[]> {
  const config = await read('nats/nats.conf');
  const tokens = [...config.matchAll(/^ {2}A\w+: (\S+)$/gm)].map(([, token]) => token!);
  return [...new Set(tokens.map((token) => readNatsClaims(token).iss))];
}

describe('AT-26: rotating the keys of a broker', () => {
  it('that make agents: the old one counts until its time, and the one before it until its own', async () => {
    const told = await rotateBrokerKeys(folder, 'agents', options);
    const second = (await readKeys()).agentSigning;
    await rotateBrokerKeys(folder, 'agents', { now: now + day, overlapMs: 0 });
    const third = await readKeys();
    expect([told, await changedFiles(), third, await read('agent-signing-key')]).toEqual([
      ['agent-signing-key', 'agent-signing-keys-retired', 'nats/nats.conf'],
      ['agent-signing-key', 'agent-signing-keys-retired', 'nats/nats.conf', 'broker-keys.json'],
      { ...keys, agentSigning: third.agentSigning },
      third.agentSigning,
    ]);
    expect(await read('agent-signing-keys-retired')).toBe(
      `${publicOf(keys.agentSigning)}@2026-02-10T00:00:00.000Z,${publicOf(second)}@2026-01-02T00:00:00.000Z`,
    );
  });

  it('of the operator: accounts and users stay, and another one signs for them', async () => {
    await rotateBrokerKeys(folder, 'operator', options);
    const next = await readKeys();
    expect([await changedFiles(), next, await accountSigners(), await read('operator-signing-key')]).toEqual([
      ['operator-signing-key', 'nats/nats.conf', 'broker-keys.json'],
      { ...keys, operator: next.operator, operatorSigning: next.operatorSigning },
      [publicOf(next.operator)],
      next.operatorSigning,
    ]);
    expect([next.operator, next.operatorSigning]).not.toContain(keys.operator);
    expect(await read('nats/nats.conf.before')).toBe(first['nats/nats.conf']);
  });

  it('all of them, also when they are lost: agents of the account that was may still renew', async () => {
    await rotateBrokerKeys(folder, 'agents', options);
    await rm(join(folder, 'broker-keys.json'));
    await expect(rotateBrokerKeys(folder, 'operator', options)).rejects.toMatchObject({ reason: 'KeysMissing' });
    await rotateBrokerKeys(folder, 'broker', options);
    const next = await readKeys();
    const shared = Object.values(next).filter((seed) => Object.values(keys).includes(seed));
    expect({
      shared,
      account: await read('agents-account'),
      before: await read('agents-accounts-before'),
      retired: await read('agent-signing-keys-retired'),
      parts: (await readdir(folder)).filter((name) => name.endsWith('.part')),
    }).toEqual({
      shared: [],
      account: publicOf(next.agentsAccount),
      before: publicOf(keys.agentsAccount),
      retired: '',
      parts: [],
    });
  });
});

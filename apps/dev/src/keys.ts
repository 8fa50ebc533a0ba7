import { mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Fault, Redacted, systemClock, toFault } from '@flotilla/foundation';
import { controlUser, natsServerConfig, nkeyFromSeed, orderKeyPair, systemUser } from '@flotilla/platform-bus';
import { createPlaneSecrets, serviceNames, type PlaneSecrets } from '@flotilla/testing';
import { rotateOrderKey } from './rotate-order-key.ts';

const usage = `npm run keys -- --out DIR --agents nats://HOST:4222 [--database postgres://USER@HOST/NAME]
npm run keys -- --rotate-order DIR [--recovery-seed FILE]
`;

/**
 * Makes every key of a new control plane, one file each, as `docker-compose.yml` and the charts mount them. Nothing is
 * ever overwritten: these keys are the identity of a fleet.
 */
async function main(): Promise<void> {
  const { rotateOrder, recoverySeed, ...making } = options();
  if (!rotateOrder) return makeKeys(checked(making));
  const number = await rotateOrderKey(rotateOrder, { now: systemClock.now(), recoverySeedFile: recoverySeed });
  process.stdout.write(
    `list ${number} of order keys is in ${rotateOrder}; give delivery its order-key and order-key-lists, and start it again\n`,
  );
}

async function makeKeys({ out, agents, database }: Making): Promise<void> {
  const secrets = createPlaneSecrets();
  const password = randomBytes(24).toString('hex');
  await mkdir(join(out, 'nats'), { recursive: true, mode: 0o700 });
  const databaseUrl = database ?? `postgres://flotilla:${password}@postgres:5432/flotilla`;
  for (const [name, text] of Object.entries(files(secrets, { password, databaseUrl, agents }))) {
    await writeFile(join(out, name), text, { mode: 0o600, flag: 'wx' });
  }
  process.stdout.write(
    `keys of a new control plane are in ${out}; keep them: who has them is the control plane. Move ${recoverySeedName} to where no machine reads it\n`,
  );
}

const recoverySeedName = 'order-recovery-seed';

function files(
  secrets: PlaneSecrets,
  { password, databaseUrl, agents }: { password: string; databaseUrl: string; agents: string },
): Record<string, string> {
  const nowMs = systemClock.now();
  const recoverySeed = randomBytes(32).toString('base64');
  const users = serviceNames.map((name) => [`nats-${name}`, JSON.stringify(controlUser(secrets.broker, name, nowMs))]);
  return {
    ...(Object.fromEntries(users) as Record<string, string>),
    'database-password': password,
    'database-url': databaseUrl,
    'seal-key': secrets.sealKey,
    'order-key': secrets.orderKey,
    'order-key-lists': '[]',
    'order-recovery-key': JSON.stringify({ ...orderKeyPair(new Redacted(recoverySeed)).publicKey, recovery: true }),
    [recoverySeedName]: recoverySeed,
    'bootstrap-token': secrets.bootstrapToken,
    'agent-signing-key': secrets.broker.agentSigning,
    'operator-signing-key': secrets.broker.operatorSigning,
    'nats-system': JSON.stringify(systemUser(secrets.broker, nowMs)),
    'agents-account': nkeyFromSeed(secrets.broker.agentsAccount).publicKey,
    'agent-nats-url': agents,
    'broker-keys.json': JSON.stringify(secrets.broker, null, 2),
    'nats/nats.conf': natsServerConfig({
      keys: secrets.broker,
      host: '0.0.0.0',
      port: 4222,
      resolverDirectory: '/data/accounts',
    }),
  };
}

interface Making {
  readonly out: string;
  readonly agents: string;
  readonly database: string | undefined;
}

function options() {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { out: text, agents: text, database: text, 'rotate-order': text, 'recovery-seed': text },
  });
  const { out, agents, database } = values;
  return { out, agents, database, rotateOrder: values['rotate-order'], recoverySeed: values['recovery-seed'] };
}

function checked({ out, agents, database }: { [Name in keyof Making]: string | undefined }): Making {
  if (!out || !agents) throw new Fault({ code: 'invalid', reason: 'OptionsInvalid', message: usage });
  if (!existsSync(join(out, 'broker-keys.json'))) return { out, agents, database };
  throw new Fault({
    code: 'conflict',
    reason: 'KeysExist',
    message: `${out} holds the keys of a control plane already; choose another folder`,
  });
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${toFault(error).message}\n`);
  process.exit(2);
}

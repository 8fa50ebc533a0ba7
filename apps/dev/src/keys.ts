import { mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Fault, parseDuration, systemClock, toFault } from '@flotilla/foundation';
import { createPlaneSecrets, type PlaneSecrets } from '@flotilla/testing';
import { brokerFileNames, brokerFiles } from './broker-files.ts';
import { recoveryFileNames, recoveryKeyFiles } from './recovery-key.ts';
import { rotateBrokerKeys, type BrokerRotation } from './rotate-broker-keys.ts';
import { rotateOrderKey, type OrderRotation } from './rotate-order-key.ts';

const usage = `npm run keys -- --out DIR --agents nats://HOST:4222 [--database postgres://USER@HOST/NAME]
npm run keys -- --rotate-order DIR [--recovery-seed FILE] [--new-recovery]
npm run keys -- --rotate-agents DIR [--overlap 40d]
npm run keys -- --rotate-operator DIR
npm run keys -- --rotate-broker DIR
`;

/**
 * Makes every key of a new control plane, one file each, as `docker-compose.yml` and the charts mount them, or others in the
 * place of some. Nothing is ever overwritten unless it is rotated: these keys are the identity of a fleet.
 */
async function main(): Promise<void> {
  const { rotateOrder, rotateBroker, overlap, recoverySeedFile, newRecovery, ...making } = options();
  if (rotateOrder) return rotateOrders(rotateOrder, { now: systemClock.now(), recoverySeedFile, newRecovery });
  if (rotateBroker) return rotateOf(rotateBroker, overlap);
  return makeKeys(checked(making));
}

async function rotateOrders(folder: string, rotation: OrderRotation): Promise<void> {
  const number = await rotateOrderKey(folder, rotation);
  const also = rotation.newRecovery ? `; move ${recoveryFileNames.seed} to where no machine reads it` : '';
  process.stdout.write(
    `list ${number} of order keys is in ${folder}; give delivery its order-key, order-key-lists and ${recoveryFileNames.key}, and start it again${also}\n`,
  );
}

/** Who has to be given what was made, in this order. */
const whatNext: Readonly<Record<BrokerRotation, string>> = {
  agents: 'start status again with its new files; it tells the broker',
  operator: 'start the broker again with the new nats.conf, then status with its new file',
  broker: 'start the broker again with the new nats.conf, then every service with its new files',
};

async function rotateOf([rotation, folder]: readonly [BrokerRotation, string], overlap: string): Promise<void> {
  const overlapMs = parseDuration(overlap);
  if (overlapMs === undefined) throw wrongOptions(usage);
  const names = await rotateBrokerKeys(folder, rotation, { now: systemClock.now(), overlapMs });
  process.stdout.write(`new in ${folder}: ${names.join(' ')}; ${whatNext[rotation]}\n`);
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
    `keys of a new control plane are in ${out}; keep them: who has them is the control plane. Move ${recoveryFileNames.seed} to where no machine reads it\n`,
  );
}

function files(
  secrets: PlaneSecrets,
  { password, databaseUrl, agents }: { password: string; databaseUrl: string; agents: string },
): Record<string, string> {
  return {
    ...recoveryKeyFiles(),
    ...brokerFiles(secrets.broker, { signingKeys: [], accounts: [] }, systemClock.now()),
    'database-password': password,
    'database-url': databaseUrl,
    'seal-key': secrets.sealKey,
    'order-key': secrets.orderKey,
    'order-key-lists': '[]',
    'bootstrap-token': secrets.bootstrapToken,
    'agent-nats-url': agents,
  };
}

interface Making {
  readonly out: string;
  readonly agents: string;
  readonly database: string | undefined;
}

const text = { type: 'string' } as const;
/** An identity lives for ninety days, and is renewed within the first thirty-nine of them. */
const overlapDefault = '40d';

function options() {
  const rotated = { 'rotate-order': text, 'rotate-agents': text, 'rotate-operator': text, 'rotate-broker': text };
  const { values } = parseArgs({
    options: {
      out: text,
      agents: text,
      database: text,
      'recovery-seed': text,
      overlap: text,
      ...rotated,
      'new-recovery': { type: 'boolean' },
    },
  });
  const { out, agents, database, overlap = overlapDefault } = values;
  const folders: readonly (readonly [BrokerRotation, string | undefined])[] = [
    ['agents', values['rotate-agents']],
    ['operator', values['rotate-operator']],
    ['broker', values['rotate-broker']],
  ];
  const rotateBroker = folders.find((each): each is readonly [BrokerRotation, string] => each[1] !== undefined);
  const rotateOrder = values['rotate-order'];
  const [recoverySeedFile, newRecovery] = [values['recovery-seed'], values['new-recovery']];
  return { out, agents, database, overlap, rotateOrder, rotateBroker, recoverySeedFile, newRecovery };
}

function checked({ out, agents, database }: { [Name in keyof Making]: string | undefined }): Making {
  if (!out || !agents) throw wrongOptions(usage);
  if (!existsSync(join(out, brokerFileNames.keys))) return { out, agents, database };
  throw new Fault({
    code: 'conflict',
    reason: 'KeysExist',
    message: `${out} holds the keys of a control plane already; choose another folder`,
  });
}

function wrongOptions(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'OptionsInvalid', message });
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${toFault(error).message}\n`);
  process.exit(2);
}

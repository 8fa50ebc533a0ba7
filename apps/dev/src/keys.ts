import { mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Fault, systemClock, toFault } from '@flotilla/foundation';
import { controlUser, natsServerConfig, nkeyFromSeed } from '@flotilla/platform-bus';
import { createPlaneSecrets, serviceNames, type PlaneSecrets } from '@flotilla/testing';

const usage = 'npm run keys -- --out DIR --agents nats://HOST:4222 [--database postgres://USER@HOST/NAME]\n';

/**
 * Makes every key of a new control plane, one file each, as `docker-compose.yml` and the charts mount them. Nothing is
 * ever overwritten: these keys are the identity of a fleet.
 */
async function main(): Promise<void> {
  const { out, agents, database } = options();
  const secrets = createPlaneSecrets();
  const password = randomBytes(24).toString('hex');
  await mkdir(join(out, 'nats'), { recursive: true, mode: 0o700 });
  const databaseUrl = database ?? `postgres://flotilla:${password}@postgres:5432/flotilla`;
  for (const [name, text] of Object.entries(files(secrets, { password, databaseUrl, agents }))) {
    await writeFile(join(out, name), text, { mode: 0o600, flag: 'wx' });
  }
  process.stdout.write(`keys of a new control plane are in ${out}; keep them: who has them is the control plane\n`);
}

function files(
  secrets: PlaneSecrets,
  { password, databaseUrl, agents }: { password: string; databaseUrl: string; agents: string },
): Record<string, string> {
  const nowMs = systemClock.now();
  const users = serviceNames.map((name) => [`nats-${name}`, JSON.stringify(controlUser(secrets.broker, name, nowMs))]);
  return {
    ...(Object.fromEntries(users) as Record<string, string>),
    'database-password': password,
    'database-url': databaseUrl,
    'seal-key': secrets.sealKey,
    'order-key': secrets.orderKey,
    'bootstrap-token': secrets.bootstrapToken,
    'agent-signing-key': secrets.broker.agentSigning,
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

function options(): { out: string; agents: string; database: string | undefined } {
  const { values } = parseArgs({
    options: { out: { type: 'string' }, agents: { type: 'string' }, database: { type: 'string' } },
  });
  const { out, agents, database } = values;
  if (!out || !agents) throw new Fault({ code: 'invalid', reason: 'OptionsInvalid', message: usage });
  if (existsSync(join(out, 'broker-keys.json'))) {
    throw new Fault({
      code: 'conflict',
      reason: 'KeysExist',
      message: `${out} holds the keys of a control plane already; choose another folder`,
    });
  }
  return { out, agents, database };
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${toFault(error).message}\n`);
  process.exit(2);
}

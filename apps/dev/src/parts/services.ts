import { systemClock } from '@flotilla/foundation';
import { controlUser, nkeyFromSeed } from '@flotilla/platform-bus';
import { supervise, type Supervised } from '../supervise.ts';
import type { DataDirectory, DemoSecrets } from '../data-directory.ts';
import { plainEnvironment, program, webDirectory } from './programs.ts';

export const serviceNames = ['sources', 'delivery', 'status', 'gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];

export interface ServicesOptions {
  readonly data: DataDirectory;
  readonly secrets: DemoSecrets;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly gatewayPort: number;
  readonly onRestart: (name: string, how: string) => void;
}

/** Starts the four services of the control plane, each as a process of its own, as in production. */
export function startServices(options: ServicesOptions): Supervised[] {
  return serviceNames.map((name) =>
    supervise(
      {
        name,
        command: process.execPath,
        args: ['--enable-source-maps', program(name)],
        env: { ...plainEnvironment(), ...shared(name, options), ...own(name, options) },
        logFile: options.data.logFile(name),
      },
      options.onRestart,
    ),
  );
}

function shared(name: ServiceName, { databaseUrl, natsUrl, secrets }: ServicesOptions): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: databaseUrl,
    NATS_URL: natsUrl,
    NATS_CREDENTIALS: JSON.stringify(controlUser(secrets.broker, name, systemClock.now())),
  };
}

function own(name: ServiceName, { data, secrets, natsUrl, gatewayPort }: ServicesOptions): NodeJS.ProcessEnv {
  switch (name) {
    case 'sources':
      return { SEAL_KEY: secrets.sealKey, CACHE_DIRECTORY: data.folder('sources') };
    case 'delivery':
      return { ORDER_KEY: secrets.orderKey };
    case 'status':
      return {
        AGENT_SIGNING_KEY: secrets.broker.agentSigning,
        AGENTS_ACCOUNT: nkeyFromSeed(secrets.broker.agentsAccount).publicKey,
        AGENT_NATS_URL: natsUrl,
      };
    case 'gateway':
      return { HTTP_PORT: String(gatewayPort), BOOTSTRAP_TOKEN: secrets.bootstrapToken, WEB_DIRECTORY: webDirectory };
  }
}

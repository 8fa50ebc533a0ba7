import { randomBytes } from 'node:crypto';
import { systemClock } from '@flotilla/foundation';
import { controlUser, createBrokerKeys, nkeyFromSeed, systemUser, type BrokerKeys } from '@flotilla/platform-bus';
import type { ChildOptions } from '../process/child.ts';
import { plainEnvironment, program, webDirectory } from './programs.ts';

/** The services of the control plane, in the order in which they are started. */
export const serviceNames = ['sources', 'delivery', 'status', 'gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Everything secret that a control plane is made with. */
export interface PlaneSecrets {
  readonly broker: BrokerKeys;
  readonly bootstrapToken: string;
  readonly orderKey: string;
  readonly sealKey: string;
}

/** Secrets for a control plane that nobody else knows. */
export function createPlaneSecrets(): PlaneSecrets {
  return {
    broker: createBrokerKeys(),
    bootstrapToken: `flt_${randomBytes(32).toString('base64url')}`,
    orderKey: randomBytes(32).toString('base64'),
    sealKey: randomBytes(32).toString('base64'),
  };
}

export interface ServiceOptions {
  readonly secrets: PlaneSecrets;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly gatewayPort: number;
  /** Where this process answers probes. */
  readonly healthPort: number;
  readonly logFile: string;
  readonly cacheDirectory: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Left alone, V8 lets garbage grow to several times of what is alive before it looks, and a young generation to 128 MB: a
 * service that had let a fleet in held 250 MB, of which 60 were in use. With these it is half, and what it costs in processor time is
 * less than one run differs from the next. Source maps would cost another 15 MB; without them stack traces name compiled lines.
 */
const flags = ['--max-semi-space-size=8', '--heap-growing-percent=100'];

/** One service of the control plane as a process: what production runs, told where the parts of this machine are. */
export function serviceProcess(name: ServiceName, options: ServiceOptions): ChildOptions {
  return {
    name,
    command: process.execPath,
    args: [...flags, program(name)],
    env: { ...plainEnvironment(), ...shared(name, options), ...own(name, options), ...options.environment },
    logFile: options.logFile,
  };
}

/** Whether a service says that it can serve. */
export async function isReady(healthPort: number): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${healthPort}/readyz`)).ok;
}

function shared(name: ServiceName, { databaseUrl, natsUrl, secrets, healthPort }: ServiceOptions): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: databaseUrl,
    NATS_URL: natsUrl,
    // The broker that npm brings is 2.14.0, and listens on loopback only.
    NATS_ALLOW_OLD_SERVER: 'true',
    HEALTH_PORT: String(healthPort),
    NATS_CREDENTIALS: JSON.stringify(controlUser(secrets.broker, name, systemClock.now())),
  };
}

function own(name: ServiceName, { cacheDirectory, secrets, natsUrl, gatewayPort }: ServiceOptions): NodeJS.ProcessEnv {
  switch (name) {
    case 'sources':
      return { SEAL_KEY: secrets.sealKey, CACHE_DIRECTORY: cacheDirectory };
    case 'delivery':
      return { ORDER_KEY: secrets.orderKey };
    case 'status':
      return {
        AGENT_SIGNING_KEY: secrets.broker.agentSigning,
        AGENTS_ACCOUNT: nkeyFromSeed(secrets.broker.agentsAccount).publicKey,
        AGENT_NATS_URL: natsUrl,
        OPERATOR_SIGNING_KEY: secrets.broker.operatorSigning,
        NATS_SYSTEM_CREDENTIALS: JSON.stringify(systemUser(secrets.broker, systemClock.now())),
      };
    case 'gateway':
      return { HTTP_PORT: String(gatewayPort), BOOTSTRAP_TOKEN: secrets.bootstrapToken, WEB_DIRECTORY: webDirectory };
  }
}

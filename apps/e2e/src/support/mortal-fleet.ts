import { deploymentText } from '@flotilla/agent/testing';
import { FlotillaClient } from '@flotilla/client';
import {
  operations,
  type Operation,
  type OperationCall,
  type OperationResponse,
  type TargetView,
} from '@flotilla/contracts';
import { toFault, type Running } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import type { KubeClient } from '@flotilla/platform-kube';
import {
  isReady,
  until,
  type FaultProxy,
  type LyingBroker,
  type PlaneSecrets,
  type ServiceName,
} from '@flotilla/testing';
import type { MortalGit, MortalPart, MortalProcess } from './mortal-part.ts';

export const params = { project: 'default' };
export const application = 'checkout';
export const namespace = 'checkout-dev';

/** On a machine that does much else at the same time, and after everything was killed. */
const patientMs = 150_000;

/** One simulated cluster, with the agent that looks after it. */
export interface MortalCluster {
  readonly name: string;
  readonly client: KubeClient;
  readonly agent: MortalProcess;
  /** Where the agent keeps what it could get again: as good as gone whenever it starts. */
  readonly cacheDirectory: string;
  /** How many objects its agent asked to be deleted so far. */
  readonly deletes: () => number;
}

/** The lines between the parts of a fleet. */
export interface FleetLines {
  /** Between the services and PostgreSQL. */
  readonly database: FaultProxy;
  /** Between the services and the broker, by replica. */
  readonly replicas: readonly FaultProxy[];
  /** Between the agents and the broker. */
  readonly agents: FaultProxy;
}

export interface FleetParts {
  readonly directory: string;
  readonly secrets: PlaneSecrets;
  readonly databaseUrl: string;
  readonly postgres: MortalProcess;
  /** From now on PostgreSQL starts on the data that are there, and knows nothing of those that it had. */
  readonly movePostgres: (directory: string) => void;
  readonly nats: MortalProcess;
  /** From now on nats-server keeps its account tokens there, and knows only what is there. */
  readonly moveBroker: (directory: string) => void;
  readonly git: MortalGit;
  readonly services: Readonly<Record<ServiceName, readonly MortalProcess[]>>;
  readonly healthPorts: readonly number[];
  /** The addresses of the gateways. */
  readonly urls: readonly string[];
  readonly clusters: readonly MortalCluster[];
  readonly lines: FleetLines;
  /** Cuts the services off from PostgreSQL between the next commit of a write into this table and its answer. */
  readonly severCommitOf: (table: string) => void;
  /** Stands in every line to the broker. */
  readonly broker: LyingBroker;
}

/** What runs everywhere, and how often it was pushed. */
export interface Pushed {
  readonly commit: string;
  readonly version: string;
}

/**
 * A whole fleet of real parts, of which every one can be killed and started again, and every line between them spoilt:
 * PostgreSQL, nats-server, Git, the four services in replicas, an agent for each simulated cluster.
 */
export class MortalFleet implements Running {
  readonly parts: FleetParts;
  readonly #stop: () => Promise<void>;
  readonly #newest = new Map<string, number>();
  readonly #backwards: string[] = [];
  #pushes = 0;

  constructor(parts: FleetParts, stop: () => Promise<void>) {
    this.parts = parts;
    this.#stop = stop;
  }

  /** The control plane: every replica of every service. */
  get plane(): readonly MortalProcess[] {
    return Object.values(this.parts.services).flat();
  }

  /** Everything that may be killed; clusters live on. */
  get mortals(): readonly MortalPart[] {
    const { postgres, nats, git, clusters } = this.parts;
    return [postgres, nats, git, ...this.plane, ...clusters.map(({ agent }) => agent)];
  }

  /** Asks one gateway after the other, as a load balancer would have it. */
  async call<Of extends Operation>(
    operation: Of,
    call: OperationCall<Of>,
    idempotencyKey?: string,
  ): Promise<OperationResponse<Of>> {
    let last: unknown;
    for (const server of this.parts.urls) {
      const client = new FlotillaClient({ server, token: this.parts.secrets.bootstrapToken });
      try {
        return await client.call(operation, call, idempotencyKey ? { idempotencyKey } : {});
      } catch (error) {
        last = error;
        if (toFault(error).code !== 'unavailable') throw error;
      }
    }
    throw last;
  }

  /** A new version of what runs, pushed to Git. Nobody is told. */
  async push(): Promise<Pushed> {
    const version = `v${++this.#pushes}`;
    const commit = await this.parts.git.host.commit('shop', manifests(version));
    return { commit, version };
  }

  async targets(): Promise<readonly TargetView[]> {
    const { items } = await this.call(operations.listTargets, { params });
    for (const { metadata, status } of items) {
      const newest = this.#newest.get(metadata.uid) ?? 0;
      if (status.generation < newest) this.#backwards.push(`${metadata.name}: ${newest} to ${status.generation}`);
      this.#newest.set(metadata.uid, Math.max(newest, status.generation));
    }
    return items;
  }

  /** Every time that a target was told to be at an older generation than before. */
  get backwards(): readonly string[] {
    return this.#backwards;
  }

  /** Waits until every cluster runs exactly this, and the control plane says so and nothing else. */
  async arrived({ commit, version }: Pushed): Promise<void> {
    const { clusters } = this.parts;
    let last: unknown;
    const look = async () => {
      const run = await Promise.all(clusters.map(({ client }) => versionIn(client)));
      const told = (await this.targets()).map(({ spec, status }) => [
        spec.revision === commit && status.revision === commit,
        status.sync,
        status.health,
        status.connection,
      ]);
      last = { run, told };
      const wanted = clusters.map(() => 'true,Synced,Healthy,Connected');
      return run.every((each) => each === version) && String(told) === String(wanted);
    };
    await until(look, { what: `${version} everywhere`, timeoutMs: patientMs, intervalMs: 200 }).catch(
      (cause: Error) => {
        throw new Error(`${cause.message}; last seen ${JSON.stringify(last)}`, { cause });
      },
    );
  }

  /** Starts what is down, and waits until all of it can serve. */
  async revive(parts: readonly MortalPart[] = this.mortals): Promise<void> {
    for (const part of parts) await part.start();
    for (const port of this.parts.healthPorts) {
      await until(() => isReady(port), { what: `the service at ${port}`, timeoutMs: patientMs, intervalMs: 100 });
    }
  }

  stop(): Promise<void> {
    return this.#stop();
  }
}

/** What runs: a workload, and a word of its version. */
export function manifests(version: string): Record<string, string> {
  return {
    [`services/${application}/dev/app.yaml`]: `${deploymentText(`shop:${version}`)}---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {version: ${version}}
`,
  };
}

export const keyOf = (kind: 'Deployment' | 'ConfigMap', name: string) => ({
  group: kind === 'Deployment' ? 'apps' : '',
  kind,
  namespace,
  name,
});

async function versionIn(client: KubeClient): Promise<string | undefined> {
  const [settings, web] = await Promise.all([
    client.get(keyOf('ConfigMap', 'settings')),
    client.get(keyOf('Deployment', 'web')),
  ]);
  const version = (settings?.data as { version?: string } | undefined)?.version;
  return imageOf(web) === `shop:${version}` ? version : undefined;
}

export function imageOf(object: KubeObject | undefined): string | undefined {
  const spec = object?.spec as { template: { spec: { containers: { image: string }[] } } } | undefined;
  return spec?.template.spec.containers[0]?.image;
}

import { join } from 'node:path';
import { operations } from '@flotilla/contracts';
import { agentProcess, startChild, type Child } from '@flotilla/testing';
import type { PlaneFixture } from './plane-fixture.ts';

export interface AgentProcessOptions {
  readonly name: string;
  readonly labels: Record<string, string>;
  /** How it reaches its API server. */
  readonly access: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Joins a cluster and starts the agent process of it: what runs in a real one. */
export async function startAgentProcess(plane: PlaneFixture, options: AgentProcessOptions): Promise<Child> {
  const { name, labels, access, environment } = options;
  const { token } = await plane.client.call(operations.joinCluster, {
    params: { project: 'default' },
    body: { name, labels },
  });
  return startChild({
    name: `agent-${name}`,
    ...agentProcess({ FLOTILLA_URL: plane.urls[0]!, JOIN_TOKEN: token, ...access, ...environment }),
    logFile: join(plane.directory, 'logs', `agent-${name}.log`),
  });
}

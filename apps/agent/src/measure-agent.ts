import type { Agent, AgentLease } from '@flotilla/agent';
import type { Running } from '@flotilla/foundation';
import { healthStatuses, syncStatuses } from '@flotilla/model';
import { metricList, readProcess, registry, sample } from '@flotilla/platform-telemetry';
import { agentVersion } from './version.ts';

export interface MeasureAgentOptions {
  readonly agent: Pick<Agent, 'figures'>;
  readonly lease: Pick<AgentLease, 'isHeld'>;
  readonly line: { readonly connected: boolean };
  /** When the broker stops believing the credential that is used now. */
  readonly credentialExpiresAt: () => string;
}

const {
  agentCredentialExpiry,
  agentFence,
  agentLease,
  agentRecordBytes,
  agentRecordLargest,
  agentTargetsHealth,
  agentTargetsSync,
  agentUnconfirmed,
  brokerConnected,
} = metricList;

/** What an agent tells of itself. All of it lies in memory: nobody is asked when somebody scrapes. */
export function measureAgent(options: MeasureAgentOptions): Running {
  const readings = [
    readProcess({ service: 'agent', version: agentVersion }),
    registry.read([agentLease, brokerConnected, agentCredentialExpiry], () => lineSamples(options)),
    registry.read(
      [agentFence, agentTargetsSync, agentTargetsHealth, agentUnconfirmed, agentRecordBytes, agentRecordLargest],
      () => targetSamples(options.agent.figures),
    ),
  ];
  return { stop: async () => void (await Promise.all(readings.map((reading) => reading.stop()))) };
}

function lineSamples({ lease, line, credentialExpiresAt }: MeasureAgentOptions) {
  const expiresAt = Date.parse(credentialExpiresAt());
  return [
    sample(agentLease, lease.isHeld ? 1 : 0, {}),
    sample(brokerConnected, line.connected ? 1 : 0, {}),
    ...(Number.isNaN(expiresAt) ? [] : [sample(agentCredentialExpiry, expiresAt / 1_000, {})]),
  ];
}

function targetSamples({ fence, statuses, unconfirmed, recordSizes }: Agent['figures']) {
  const sync = syncStatuses.map((word) => ({ word, count: statuses.filter((status) => status.sync === word).length }));
  const health = healthStatuses.map((word) => ({
    word,
    count: statuses.filter((status) => status.health === word).length,
  }));
  return [
    sample(agentFence, fence.epoch, { part: 'epoch' }),
    sample(agentFence, fence.generation, { part: 'generation' }),
    ...sync.map(({ word, count }) => sample(agentTargetsSync, count, { sync: word })),
    ...health.map(({ word, count }) => sample(agentTargetsHealth, count, { health: word })),
    sample(agentUnconfirmed, unconfirmed, {}),
    sample(
      agentRecordBytes,
      recordSizes.reduce((sum, size) => sum + size, 0),
      {},
    ),
    sample(agentRecordLargest, Math.max(0, ...recordSizes), {}),
  ];
}

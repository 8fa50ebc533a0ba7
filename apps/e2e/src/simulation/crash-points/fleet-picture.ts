import type { DeliveryFacts } from '@flotilla/control-delivery';
import type { InMemoryDeliveryRecord } from '@flotilla/control-delivery/testing';
import type { DesiredEntry } from '@flotilla/model';
import type { ToldAgents } from './told-agents.ts';
import { clusterNames } from './walking-application.ts';

/** Everything that can be seen of a fleet that has come to rest, one line each. */
export async function fleetPicture(record: InMemoryDeliveryRecord, agents: ToldAgents): Promise<readonly string[]> {
  const missing = await record.behind(agents.fences);
  const { applications } = await record.rollbacks.rollbackFacts({ project: 'default', selection: {} });
  return [
    ...clusterNames.flatMap((cluster) => agents.entriesOf(cluster).map((entry) => entryLine(cluster, entry))),
    `generations ${clusterNames.map((cluster) => agents.fenceOf(cluster).generation).join(', ')}`,
    ...missing.map((cluster) => `${cluster} was never told`),
    ...applications.flatMap(({ delivery }) => recordLines(delivery)),
    ...record.rollbacks.ledger.map(({ action }) => action),
  ];
}

function entryLine(cluster: string, entry: DesiredEntry): string {
  const { source, pin, frozen = [], breakGlass, suspended, syncRequest } = entry;
  return [
    `${cluster} runs ${source.revision.slice(0, 2)}`,
    ...(pin ? [`held by ${pin.by}`] : []),
    ...frozen.map(({ name }) => `frozen by ${name}`),
    ...(breakGlass ? [`the glass broken by ${breakGlass.by}`] : []),
    ...(suspended ? [`suspended by ${suspended.by}`] : []),
    ...(syncRequest ? ['asked to sync'] : []),
  ].join(', ');
}

function recordLines({ promotion, quarantine, releases }: DeliveryFacts): string[] {
  const { past = [], orders = [], approvals = [], holds = [] } = promotion ?? {};
  const commitOf = (release: string) => releases.find(({ uid }) => uid === release)!.revision.slice(0, 2);
  return [
    ...past.map(
      ({ environment, cause, state, release }) => `${cause} of ${commitOf(release)} in ${environment}: ${state}`,
    ),
    ...orders.map(({ who, release }) => `${who} wants ${commitOf(release)}`),
    ...holds.map(({ who, environment }) => `${who} holds ${environment}`),
    ...approvals.map(({ who }) => `${who} approved`),
    ...quarantine.map(({ by }) => `quarantined by ${by}`),
  ];
}

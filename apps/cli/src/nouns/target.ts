import { operations, type TargetView } from '@flotilla/contracts';
import { Fault } from '@flotilla/foundation';
import { namePattern, shortCommit } from '@flotilla/model';
import type { Api } from '../api.ts';
import { ageText, nameColumn, toneOf } from './cells.ts';
import { defineNoun, type Column } from './noun.ts';
import { targetPage } from './target-page.ts';

const columns: readonly Column<TargetView>[] = [
  nameColumn,
  { header: 'SYNC', text: ({ status }) => status.sync, tone: ({ status }) => toneOf(status.sync) },
  { header: 'HEALTH', text: ({ status }) => status.health, tone: ({ status }) => toneOf(status.health) },
  { header: 'REVISION', text: ({ status }) => (status.revision ? shortCommit(status.revision) : '') },
  { header: 'DESIRED', wide: true, text: ({ spec }) => shortCommit(spec.revision) },
  { header: 'SINCE', moving: true, text: ({ status }, now) => ageText(status.since, now) },
  { header: 'NAMESPACE', wide: true, text: ({ spec }) => spec.namespace },
  {
    header: 'CONNECTION',
    wide: true,
    text: ({ status }) => status.connection,
    tone: ({ status }) => toneOf(status.connection),
  },
  { header: 'REASON', text: reasonOf },
  { header: 'MESSAGE', wide: true, text: ({ status }) => status.reason?.message ?? '' },
];

/** One application in one environment on one cluster: what runs where. */
export const target = defineNoun<TargetView>({
  singular: 'target',
  plural: 'targets',
  short: ['tgt'],
  columns,
  filters: {
    application: ({ spec }) => spec.application,
    environment: ({ spec }) => spec.environment,
    cluster: ({ spec }) => spec.cluster,
    sync: ({ status }) => status.sync,
    health: ({ status }) => status.health,
  },
  nameOf: ({ metadata }) => metadata.name,
  uidOf: ({ metadata }) => metadata.uid,
  list: ({ client, project }, query) => client.list(operations.listTargets, { params: { project }, query }),
  find: findTarget,
  watched: { kinds: ['target'], read: (_, object) => object as TargetView },
  page: targetPage,
  whole: ({ client, project }, { metadata }) =>
    client.call(operations.getTarget, { params: { project, uid: metadata.uid } }),
});

/** The parts of `application.environment.cluster`; names hold no dots, so there is one way to read it. */
export function readTargetName(name: string) {
  const [application, environment, cluster, ...rest] = name.split('.');
  const fits = application && environment && cluster && rest.length === 0 && [application, environment, cluster];
  if (fits && fits.every((part) => namePattern.test(part))) return { application, environment, cluster };
  throw new Fault({
    code: 'invalid',
    reason: 'TargetNameInvalid',
    message: `a target is named application.environment.cluster, and \`${name}\` is not; list them with: flotilla get targets`,
  });
}

async function findTarget({ client, project }: Api, name: string): Promise<TargetView | undefined> {
  const params = { project };
  if (isUid(name)) return client.call(operations.getTarget, { params: { project, uid: name } });
  const query = { ...readTargetName(name), limit: 1 };
  return (await client.call(operations.listTargets, { params, query })).items[0];
}

/** Uids are sixteen letters and digits; a name of a target has dots. */
function isUid(text: string): boolean {
  return /^[0-9a-z]{16}$/.test(text);
}

/** The one word for what is not as it should be, nearest to the cluster first. */
function reasonOf({ spec, status }: TargetView): string {
  if (status.connection !== 'Connected') return `Cluster${status.connection}`;
  if (spec.suspended) return 'Suspended';
  return status.reason?.code ?? (status.generation < spec.generation ? 'OnItsWay' : '');
}

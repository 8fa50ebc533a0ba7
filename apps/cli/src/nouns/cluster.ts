import { operations, type ClusterView } from '@flotilla/contracts';
import { compareFences, fenceText, labelsText } from '@flotilla/model';
import type { Page } from '../output/page.ts';
import { ageColumn, ageText, nameColumn, sinceText, toneOf } from './cells.ts';
import { countsText, whereCount } from './counts.ts';
import { defineNoun, type Column } from './noun.ts';

const columns: readonly Column<ClusterView>[] = [
  nameColumn,
  {
    header: 'CONNECTION',
    text: ({ status: { connection, alarm } }) => (alarm ? `${connection}, ${alarm.code}` : connection),
    tone: ({ status }) => toneOf(status.connection),
  },
  { header: 'TARGETS', text: ({ status }) => String(status.counts.total) },
  { header: 'SYNCED', text: ({ status }) => whereCount(status.counts.sync, 'Synced', status.counts.total) },
  { header: 'HEALTHY', text: ({ status }) => whereCount(status.counts.health, 'Healthy', status.counts.total) },
  { header: 'LAST SEEN', moving: true, text: ({ status }, now) => ageText(status.lastSeenAt, now) },
  { header: 'VERSION', wide: true, text: ({ status }) => status.facts?.kubernetesVersion ?? '' },
  { header: 'PROVIDER', wide: true, text: ({ status }) => status.facts?.provider ?? '' },
  { header: 'NODES', wide: true, text: ({ status }) => String(status.facts?.nodes ?? '') },
  { header: 'AGENT', wide: true, text: ({ status }) => status.facts?.agentVersion ?? '' },
  ageColumn,
];

/** An enrolled Kubernetes cluster, or one whose agent is still to come. */
export const cluster = defineNoun<ClusterView>({
  singular: 'cluster',
  plural: 'clusters',
  short: ['cl'],
  columns,
  filters: {},
  nameOf: ({ metadata }) => metadata.name,
  uidOf: ({ metadata }) => metadata.uid,
  labelsOf: ({ spec }) => spec.labels,
  list: ({ client, project }, query) => client.list(operations.listClusters, { params: { project }, query }),
  find: ({ client, project }, name) => client.call(operations.getCluster, { params: { project, name } }),
  watched: { kinds: ['cluster'], read: (_, object) => object as ClusterView },
  page: async ({ world }, item) => clusterPage(item, world.clock.now()),
});

function clusterPage({ metadata, spec, status }: ClusterView, now: number): Page {
  const { facts, fence, agentFence, alarm } = status;
  return [
    ...(alarm ? [alarmPart(alarm, now)] : []),
    {
      fields: [
        ['Name', metadata.name],
        ['Project', metadata.project],
        ['UID', metadata.uid],
        ['Created', sinceText(metadata.createdAt, now)],
        ['Labels', labelsText(spec.labels)],
        ['Connection', status.connection],
        ['Revoked', sinceText(status.revokedAt, now)],
        ['Last seen', sinceText(status.lastSeenAt, now)],
        ['Targets', String(status.counts.total)],
        ['Sync', countsText(status.counts.sync)],
        ['Health', countsText(status.counts.health)],
        ['Shall hold', `set ${fenceText(fence)}`],
        [
          'Holds',
          agentFence && `set ${fenceText(agentFence)}${compareFences(agentFence, fence) < 0 ? ' (behind)' : ''}`,
        ],
      ],
    },
    {
      title: 'Told by its agent',
      fields: [
        ['Kubernetes', facts?.kubernetesVersion],
        ['Provider', facts?.provider],
        ['Nodes', facts?.nodes?.toString()],
        ['Agent', facts?.agentVersion],
      ],
    },
  ];
}

function alarmPart(alarm: NonNullable<ClusterView['status']['alarm']>, now: number): Page[number] {
  return {
    title: 'Alarm',
    fields: [
      [alarm.code, alarm.message],
      ['Since', sinceText(alarm.since, now)],
      ['Last seen', sinceText(alarm.lastSeenAt, now)],
      ['Instance', alarm.instance],
    ],
  };
}

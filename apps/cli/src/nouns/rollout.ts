import { operations, type RolloutView } from '@flotilla/contracts';
import { shortCommit } from '@flotilla/model';
import { arrivalColumns } from './arrival-columns.ts';
import { ageColumn, nameColumn, reasonText, spanText } from './cells.ts';
import { defineNoun, type Column } from './noun.ts';

const columns: readonly Column<RolloutView>[] = [
  nameColumn,
  ...arrivalColumns,
  { header: 'WAVE', text: ({ status }) => status.wave ?? '' },
  { header: 'REVISION', text: ({ spec }) => shortCommit(spec.revision) },
  { header: 'CAUSE', text: ({ spec }) => spec.cause },
  { header: 'APPLICATION', wide: true, text: ({ spec }) => spec.application },
  { header: 'ENVIRONMENT', wide: true, text: ({ spec }) => spec.environment },
  { header: 'BLOCKED BY', wide: true, text: ({ status }) => (status.blocked ? reasonText(status.blocked) : '') },
  { header: 'TOOK', wide: true, text: ({ metadata, status }) => spanText(metadata.createdAt, status.finishedAt) },
  ageColumn,
];

/** One release entering one environment. */
export const rollout = defineNoun<RolloutView>({
  singular: 'rollout',
  plural: 'rollouts',
  short: ['ro'],
  endless: true,
  columns,
  filters: { application: ({ spec }) => spec.application, environment: ({ spec }) => spec.environment },
  nameOf: ({ metadata }) => metadata.name,
  uidOf: ({ metadata }) => metadata.uid,
  list: ({ client, project }, query) => client.list(operations.listRollouts, { params: { project }, query }),
  watched: { kinds: ['rollout'], read: (_, object) => object as RolloutView },
});

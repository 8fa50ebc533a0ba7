import { operations, type OperationResponse } from '@flotilla/contracts';
import { shortCommit } from '@flotilla/model';
import { ageText, spanText, toneOf } from './cells.ts';
import { defineNoun } from './noun.ts';

type Deployment = OperationResponse<typeof operations.listDeployments>['items'][number];

/** A release that was applied on a target, and what became of it: one row of history. */
export const deployment = defineNoun<Deployment>({
  singular: 'deployment',
  plural: 'deployments',
  short: ['deploy'],
  endless: true,
  columns: [
    { header: 'TARGET', text: targetName },
    { header: 'REVISION', text: (item) => shortCommit(item.revision) },
    { header: 'HEALTH', text: (item) => item.health, tone: (item) => toneOf(item.health) },
    { header: 'HEALTHY AFTER', text: (item) => spanText(item.at, item.healthyAt) },
    { header: 'RELEASE', wide: true, text: (item) => item.release },
    { header: 'AT', wide: true, text: (item) => item.at },
    { header: 'AGE', moving: true, text: (item, now) => ageText(item.at, now) },
    { header: 'REASON', text: (item) => item.reason?.code ?? '' },
    { header: 'MESSAGE', wide: true, text: (item) => item.reason?.message ?? '' },
  ],
  filters: {
    application: (item) => item.application,
    environment: (item) => item.environment,
    cluster: (item) => item.cluster,
  },
  nameOf: (item) => `${targetName(item)}@${item.at}`,
  uidOf: (item) => `${item.target}@${item.at}`,
  list: ({ client, project }, query) => client.list(operations.listDeployments, { params: { project }, query }),
});

function targetName({ application, environment, cluster }: Deployment): string {
  return `${application}.${environment}.${cluster}`;
}

import { operations, type RanView } from '@flotilla/contracts';
import { shortCommit, shortDigest } from '@flotilla/model';
import { defineNoun } from './noun.ts';

/** What ran on a target in a span of time. Not to be got by name: `ran` asks for it. */
export const ran = defineNoun<RanView>({
  singular: 'ran',
  plural: 'deployments',
  short: [],
  endless: true,
  columns: [
    { header: 'APPLICATION', text: ({ application }) => application },
    { header: 'ENVIRONMENT', text: ({ environment }) => environment },
    { header: 'CLUSTER', text: ({ cluster }) => cluster },
    { header: 'REVISION', text: ({ revision }) => shortCommit(revision) },
    { header: 'SOURCE', text: ({ sourceDigest }) => (sourceDigest ? shortDigest(sourceDigest) : '') },
    { header: 'FROM', text: ({ at }) => at },
    { header: 'UNTIL', text: ({ until }) => until ?? 'now' },
    { header: 'ENDED', text: ({ ended }) => ended ?? '' },
    { header: 'RELEASE', wide: true, text: ({ release }) => release },
    { header: 'IMAGES', wide: true, text: ({ images }) => (images ?? []).join(', ') },
  ],
  filters: {},
  nameOf: ({ application, environment, cluster, at }) => `${application}.${environment}.${cluster}@${at}`,
  uidOf: ({ target, at }) => `${target}@${at}`,
  list: ({ client, project }, query) => client.list(operations.listDeployments, { params: { project }, query }),
});

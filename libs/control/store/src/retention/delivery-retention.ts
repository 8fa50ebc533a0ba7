import { before, found, type RetentionRule } from './sweep-table.ts';

const dayMs = 86_400_000;
const rolloutsMs = 90 * dayMs;
const releasesKept = 50;
/** Of a cluster that is silent: whoever says what it holds is not asked about anything older. */
const issuedKept = 1_000;

/** Targets are found by the name of their application, for which there is an index. */
const ownTarget = 'target.project = old.project AND target.application_name = old.application_name';

/** Deleted, and nothing of it is left on any cluster. */
const applicationIsGone = `NOT ${found('document', 'document.uid = old.application')}
  AND NOT ${found('target', `${ownTarget} AND target.application = old.application`)}`;

const documentIsGone = `NOT ${found('document', 'document.uid = old.application')}`;

const isNamed = `${found(
  'target',
  `${ownTarget} AND (target.release = old.uid OR target.last_good = old.uid
    OR target.pin -> 'content' ->> 'release' = old.uid)`,
)}
  OR ${found('rollout', 'rollout.release = old.uid')}`;

/** What an environment runs is said by the newest that did not go back, and what joins it gets, by the newest that finished. */
const newerRollout = `(newer.state = 'Finished' OR old.state <> 'Finished') AND newer.cause <> 'rollback' AND newer.application = old.application AND newer.environment = old.environment
  AND newer.created_at > old.created_at`;

const forgottenClusters = { by: 'cluster', listedIn: { table: 'forgotten_cluster', column: 'uid' } };
const clusterIsForgotten = `NOT ${found('cluster', 'cluster.uid = old.cluster')}`;

/**
 * What `delivery` writes. Rollouts go before the releases that they name. Of the digests that were issued, everything
 * stays that a cluster on the record may still hold: without them nobody would notice that one is ahead.
 */
export const deliveryRetention: readonly RetentionRule[] = [
  {
    table: 'rollout',
    by: 'application',
    removable: `old.finished_at < ${before(rolloutsMs)}
      AND (${found('rollout newer', newerRollout)} OR ${applicationIsGone})`,
  },
  {
    table: 'release',
    by: 'application',
    atOnce: { values: 5, rows: 100 },
    // A planner chooses among the last fifty, so none of them is ever taken from under it.
    removable: `(old.created_at < (SELECT kept.created_at FROM release kept WHERE kept.application = old.application
        ORDER BY kept.created_at DESC OFFSET ${releasesKept - 1} LIMIT 1)
      OR ${applicationIsGone}) AND NOT (${isNamed})`,
  },
  {
    table: 'rollout_step',
    by: 'rollout',
    removable: `NOT ${found('rollout', 'rollout.uid = old.rollout')}`,
  },
  {
    table: 'rollback',
    by: 'project',
    removable: `old.created_at < ${before(rolloutsMs)} AND NOT ${found('rollout', 'rollout.rollback = old.uid')}
      AND NOT ${found('target', `target.project = old.project AND target.pin ->> 'rollback' = old.uid`)}`,
  },
  { table: 'quarantine', by: 'application', removable: applicationIsGone },
  {
    table: 'agent_upgrade',
    by: 'project',
    removable: `old.finished_at < ${before(rolloutsMs)}
      AND ${found('agent_upgrade newer', 'newer.project = old.project AND newer.created_at > old.created_at')}`,
  },
  {
    table: 'upgrade_step',
    by: 'upgrade',
    removable: `NOT ${found('agent_upgrade', 'agent_upgrade.uid = old.upgrade')}`,
  },
  // Nobody will ever confirm these.
  {
    ...forgottenClusters,
    table: 'target',
    removable: `old.gone_generation IS NOT NULL AND ${clusterIsForgotten}`,
  },
  { ...forgottenClusters, table: 'issued_set', removable: clusterIsForgotten },
  // A cluster that comes back with a set from before these is sent the whole.
  {
    table: 'issued_set',
    by: 'cluster',
    removable: `old.generation < (SELECT generation FROM desired_set WHERE desired_set.cluster = old.cluster) - ${issuedKept}`,
  },
  {
    ...forgottenClusters,
    table: 'desired_set',
    removable: `${clusterIsForgotten} AND NOT ${found('target', 'target.cluster = old.cluster')}`,
  },
  // An order that stands is somebody's word, however old it is.
  { table: 'promotion', by: 'application', removable: `old.ended_at < ${before(rolloutsMs)} OR ${documentIsGone}` },
  { table: 'approval', by: 'application', removable: `old.expires_at < ${before(rolloutsMs)} OR ${documentIsGone}` },
  { table: 'gate_question', by: 'application', removable: documentIsGone },
  { table: 'wave_question', by: 'rollout', removable: `NOT ${found('rollout', 'rollout.uid = old.rollout')}` },
  { table: 'stage_record', by: 'application', removable: documentIsGone },
  // A hold that stands is somebody's word; one that is over is taken away by the next plan.
  { table: 'stage_hold', by: 'application', removable: documentIsGone },
  { table: 'stage', by: 'application', removable: documentIsGone },
  { table: 'given_order', removable: `old.at < ${before(dayMs)}` },
];

import {
  intruderForgottenMs,
  type ClusterReading,
  type Counts,
  type FleetReader,
  type TargetDetail,
  type TargetQuery,
  type TargetReading,
  type WaitingWork,
} from '@flotilla/control-fleet';
import { noFence, type Labels, type Page, type PageRequest } from '@flotilla/model';
import type { WorkError } from '../rows/work.row.ts';
import { lastSaidFence } from '../delivery/last-said-fence.ts';
import type { Store } from '../store.ts';
import { connection } from './connection.ts';
import { clusterReading, targetReading, type ClusterReadingRow, type TargetReadingRow } from './fleet-rows.ts';
import { pageOfRows, readCursor } from './keyset.ts';

interface ClusterQuery {
  readonly project: string;
  readonly page: PageRequest;
  readonly name?: string;
  readonly uids?: readonly string[];
  readonly matches?: (labels: Labels) => boolean;
}

/** Clusters and targets, read from PostgreSQL. */
export class StoredFleet implements FleetReader {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async clusters({ matches, ...query }: ClusterQuery): Promise<Page<ClusterReading>> {
    const { project, page, name, uids } = matches ? await this.#labelled(query, matches) : query;
    const [after] = readCursor(page, ['text']);
    const rows = await this.#store.query<ClusterReadingRow>(
      `${clusterSelect} WHERE cluster.project = $1 AND ($2::text IS NULL OR cluster.name = $2)
         AND ($3::text[] IS NULL OR cluster.uid = ANY($3)) AND ($4::text IS NULL OR cluster.name > $4)
       ORDER BY cluster.name LIMIT $5`,
      [project, name ?? null, uids ?? null, after, page.limit + 1],
    );
    return pageOfRows(rows, page.limit, { item: clusterReading, key: (row) => [row.name] });
  }

  /** The same query for one page of those whose labels match: what else is known of a cluster is read for no other. */
  async #labelled(query: ClusterQuery, matches: (labels: Labels) => boolean): Promise<ClusterQuery> {
    const { project, page, uids } = query;
    const [after] = readCursor(page, ['text']);
    const rows = await this.#store.query<{ uid: string; labels: Labels }>(
      `SELECT uid, labels FROM cluster WHERE project = $1 AND ($2::text[] IS NULL OR uid = ANY($2))
         AND ($3::text IS NULL OR name > $3) ORDER BY name`,
      [project, uids ?? null, after],
    );
    const chosen = rows.filter(({ labels }) => matches(labels)).slice(0, page.limit + 1);
    return { ...query, uids: chosen.map(({ uid }) => uid) };
  }

  async targets(query: TargetQuery): Promise<Page<TargetReading>> {
    const { project, application, environment, cluster, sync, health, uids, page } = query;
    const after = readCursor(page, ['text', 'text', 'text']);
    const rows = await this.#store.query<TargetReadingRow>(
      `${targetSelect} WHERE target.project = $1 AND gone_generation IS NULL
         AND ($2::text IS NULL OR application_name = $2) AND ($3::text IS NULL OR environment = $3)
         AND ($4::text IS NULL OR cluster.name = $4) AND ($5::text IS NULL OR coalesce(sync, 'Unknown') = $5)
         AND ($6::text IS NULL OR coalesce(health, 'Unknown') = $6) AND ($7::text[] IS NULL OR target.uid = ANY($7))
         AND ($8::text IS NULL OR (application_name, environment, cluster.name) > ($8, $9, $10))
       ORDER BY application_name, environment, cluster.name LIMIT $11`,
      [
        project,
        ...[application, environment, cluster, sync, health, uids].map((part) => part ?? null),
        ...after,
        page.limit + 1,
      ],
    );
    const key = (row: TargetReadingRow) => [row.application_name, row.environment, row.cluster_name];
    return pageOfRows(rows, page.limit, { item: targetReading, key });
  }

  async target(project: string, uid: string): Promise<(TargetReading & TargetDetail) | undefined> {
    const { items } = await this.targets({ project, uids: [uid], page: { limit: 1 } });
    const [detail] = await this.#store.query<TargetDetail>(
      `SELECT resources, drift FROM target_detail WHERE target = $1`,
      [uid],
    );
    return items[0] && { ...items[0], resources: detail?.resources ?? [], drift: detail?.drift ?? [] };
  }

  async waitingFor(target: string): Promise<readonly WaitingWork[]> {
    const rows = await this.#store.query<{ kind: string; since: Date; due_at: Date | number; error: WorkError | null }>(
      `SELECT work.kind, work.since, work.due_at, work.error FROM target
       LEFT JOIN document application ON application.uid = target.application
       LEFT JOIN document repository ON repository.project = target.project AND repository.kind = 'Repository'
         AND repository.name = application.spec -> 'source' ->> 'repository'
       JOIN work ON (work.kind, work.key) IN (('repository', repository.uid), ('plan', target.application), ('set', target.cluster))
       WHERE target.uid = $1 AND (work.error IS NOT NULL OR work.kind <> 'repository')`,
      [target],
    );
    return rows.map(({ kind, since, due_at, error }) => ({
      kind,
      since,
      // PostgreSQL's `infinity` comes as a number: nothing but a person brings it back.
      ...(due_at instanceof Date && { nextTry: due_at }),
      ...(error && { error }),
    }));
  }

  async counts(project: string) {
    const rows = await this.#store.query<
      Counts & { application: string; environment: string; revision: string | null }
    >(
      `SELECT application, environment, total, sync, health, revision FROM target_count
       WHERE project = $1 ORDER BY application, environment`,
      [project],
    );
    return rows.map(({ revision, ...row }) => ({ ...row, ...(revision && { revision }) }));
  }
}

const clusterSelect = `
  SELECT cluster.uid, cluster.project, cluster.name, cluster.labels, cluster.facts, cluster.created_at,
    cluster.revoked_at, intruder.code AS intruder_code, intruder.instance AS intruder, intruder.since AS intruder_since,
    intruder.last_seen_at AS intruder_seen_at,
    ${connection} AS connection, liveness.last_seen_at, said.epoch AS agent_epoch, said.generation AS agent_generation,
    coalesce(wanted.epoch, ${noFence.epoch}) AS epoch, coalesce(wanted.generation, ${noFence.generation}) AS generation,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(coalesce(sync, 'Unknown'), coalesce(health, 'Unknown'))), '[]')
     FROM target LEFT JOIN target_status status ON status.target = target.uid
     WHERE target.cluster = cluster.uid AND gone_generation IS NULL) AS states
  FROM cluster LEFT JOIN liveness ON liveness.cluster = cluster.uid
  LEFT JOIN intruder ON intruder.cluster = cluster.uid
    AND intruder.last_seen_at > now() - make_interval(secs => ${intruderForgottenMs / 1_000})
  LEFT JOIN LATERAL (${lastSaidFence('cluster.uid')}) said ON true
  LEFT JOIN desired_set wanted ON wanted.cluster = cluster.uid`;

const targetSelect = `
  SELECT target.uid, target.application_name, target.environment, target.entry, target.created_at, cluster.name AS cluster_name, ${connection} AS connection, last_seen_at,
    status.generation, status.revision, status.release, status.sync, status.health, status.reason, status.since,
    status.applied_at, status.reported_at
  FROM target JOIN cluster ON cluster.uid = target.cluster
  LEFT JOIN liveness ON liveness.cluster = target.cluster
  LEFT JOIN target_status status ON status.target = target.uid`;

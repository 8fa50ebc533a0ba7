import type { DeliveryReader, DeploymentRecord, ReleaseRecord, RolloutRecord } from '@flotilla/control-delivery';
import type { Page, PageRequest } from '@flotilla/model';
import { arrived, countedTargets } from '../delivery/settle-rollout.ts';
import type { Store } from '../store.ts';
import { pageOfRows, readCursor } from './keyset.ts';

interface Query {
  readonly project: string;
  readonly application?: string | undefined;
  readonly environment?: string | undefined;
  readonly page: PageRequest;
}

/** Rows come with the columns under the record's own names, and nulls where a field is absent. */
type Row<Item> = { [Field in keyof Item]: Item[Field] | null };

/** Releases, rollouts and deployments, read from PostgreSQL; newest first. */
export class StoredDelivery implements DeliveryReader {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  releases({ project, application, page }: Query): Promise<Page<ReleaseRecord>> {
    return this.#newestFirst<ReleaseRecord>(
      `SELECT uid, project, application_name AS application, revision, digests, created_at AS "createdAt",
         (SELECT count(*)::int FROM target WHERE target.release = release.uid AND gone_generation IS NULL) AS targets
       FROM release WHERE project = $4 AND ($5::text IS NULL OR application_name = $5)`,
      { page, time: 'created_at', id: 'uid', parameters: [project, application ?? null] },
    );
  }

  rollouts({ project, application, environment, page }: Query): Promise<Page<RolloutRecord>> {
    return this.#newestFirst<RolloutRecord>(
      `SELECT uid, project, application_name AS application, environment, release, revision, cause, state,
         created_at AS "createdAt", finished_at AS "finishedAt",
         COALESCE(total, ${countedTargets()}) AS total, COALESCE(arrived, ${countedTargets(`AND ${arrived}`)}) AS arrived,
         ${countedTargets(`AND status.release = target.release AND status.health = 'Degraded'`)} AS failing
       FROM rollout WHERE project = $4 AND ($5::text IS NULL OR application_name = $5)
         AND ($6::text IS NULL OR environment = $6)`,
      { page, time: 'created_at', id: 'uid', parameters: [project, application ?? null, environment ?? null] },
    );
  }

  deployments(
    query: Query & { cluster?: string | undefined; target?: string | undefined },
  ): Promise<Page<DeploymentRecord>> {
    const { project, application, environment, cluster, target, page } = query;
    return this.#newestFirst<DeploymentRecord>(
      `SELECT target, application_name AS application, environment, ${clusterName} AS cluster, at, release, revision, health,
         reason, healthy_at AS "healthyAt"
       FROM deployment LEFT JOIN cluster ON cluster.uid = deployment.cluster
       WHERE deployment.project = $4 AND ($5::text IS NULL OR application_name = $5)
         AND ($6::text IS NULL OR environment = $6) AND ($7::text IS NULL OR ${clusterName} = $7)
         AND ($8::text IS NULL OR target = $8)`,
      {
        page,
        time: 'at',
        id: 'target',
        parameters: [project, application ?? null, environment ?? null, cluster ?? null, target ?? null],
      },
    );
  }

  async #newestFirst<Item extends object>(
    select: string,
    { page, time, id, parameters }: { page: PageRequest; time: string; id: string; parameters: readonly unknown[] },
  ): Promise<Page<Item>> {
    const [before, beforeId] = readCursor(page, ['time', 'text']);
    const rows = await this.#store.query<Row<Item> & { cursor_time: string; cursor_id: string }>(
      `SELECT *, ${time === 'at' ? 'at' : '"createdAt"'}::text AS cursor_time, ${id} AS cursor_id FROM (${select}
         AND ($1::timestamptz IS NULL OR (${time}, ${id}) < ($1, $2))
         ORDER BY ${time} DESC, ${id} DESC LIMIT $3) AS page`,
      [before, beforeId, page.limit + 1, ...parameters],
    );
    return pageOfRows(rows, page.limit, {
      item: ({ cursor_time: _time, cursor_id: _id, ...row }) => withoutNulls<Item>(row),
      key: (row) => [row.cursor_time, row.cursor_id],
    });
  }
}

/** A cluster that was forgotten is still called so in what happened there. */
const clusterName = `coalesce(cluster.name, (SELECT name FROM forgotten_cluster WHERE uid = deployment.cluster))`;

/** Absent fields are absent, not null, outside the database. */
function withoutNulls<Item extends object>(row: object): Item {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Item;
}

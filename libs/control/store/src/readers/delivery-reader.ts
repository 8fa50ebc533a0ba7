import type {
  DeliveryReader,
  DeploymentPage,
  DeploymentQuery,
  DeploymentRecord,
  ReleaseRecord,
  HeldTurn,
  RolloutQuery,
  RolloutRecord,
  RolloutWaveRecord,
  StageReading,
} from '@flotilla/control-delivery';
import type { Page, PageRequest } from '@flotilla/model';
import { isOpen } from '../rollouts/open-rollouts.ts';
import { readHeldTurn, readRolloutWaves } from '../rollouts/read-rollout-waves.ts';
import { arrived, countedTargets, targetsInAll } from '../delivery/settle-rollouts.ts';
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
         (SELECT count(*)::int FROM target WHERE target.release = release.uid AND gone_generation IS NULL) AS targets,
         coalesce(${passedOver}, '{}') || coalesce(${waitsBefore}, '{}')
           || coalesce(${rolledOut}, '{}') AS stands
       FROM release WHERE project = $4 AND ($5::text IS NULL OR application_name = $5)`,
      { page, time: 'created_at', id: 'uid', parameters: [project, application ?? null] },
    );
  }

  async stages({ project, application, environment, page }: Query): Promise<Page<StageReading>> {
    const [afterName, afterEnvironment] = readCursor(page, ['text', 'text']);
    const rows = await this.#store.query<Row<StageReading>>(
      `SELECT project, application_name AS application, environment, standing, changed_at AS "changedAt",
         (SELECT revision FROM release WHERE release.uid = standing ->> 'runs') AS revision, ${pinnedThere} AS pinned
       FROM stage WHERE project = $4 AND ($5::text IS NULL OR application_name = $5)
         AND ($6::text IS NULL OR environment = $6) AND ($1::text IS NULL OR (application_name, environment) > ($1, $2))
       ORDER BY application_name, environment LIMIT $3`,
      [afterName, afterEnvironment, page.limit + 1, project, application ?? null, environment ?? null],
    );
    return pageOfRows(rows, page.limit, {
      item: (row) => withoutNulls<StageReading>(row),
      key: (row) => [row.application!, row.environment!],
    });
  }

  rollouts({ project, application, environment, uids, open, page }: RolloutQuery): Promise<Page<RolloutRecord>> {
    return this.#newestFirst<RolloutRecord>(
      `SELECT uid, project, application_name AS application, environment, release, revision, cause, rollback, state,
         created_at AS "createdAt", finished_at AS "finishedAt",
         coalesce(total, ${targetsInAll}) AS total, coalesce(arrived, ${countedTargets(`AND ${arrived}`)}) AS arrived,
         ${countedTargets(`AND status.release = target.release AND status.health = 'Degraded'`)} AS failing,
         strategy -> 'waves' -> wave ->> 'name' AS wave, blocked, blocked_since AS "blockedSince"
       FROM rollout WHERE project = $4 AND ($5::text IS NULL OR application_name = $5)
         AND ($6::text IS NULL OR environment = $6)
         AND ($7::text[] IS NULL OR uid = ANY($7)) AND ($8::boolean IS NOT TRUE OR ${isOpen})`,
      {
        page,
        time: 'created_at',
        id: 'uid',
        parameters: [project, application ?? null, environment ?? null, uids ?? null, open ?? null],
      },
    );
  }

  waves(rollout: string): Promise<readonly RolloutWaveRecord[]> {
    return readRolloutWaves(this.#store, rollout);
  }

  heldTurn(target: string): Promise<HeldTurn | undefined> {
    return readHeldTurn(this.#store, target);
  }

  async deployments(query: DeploymentQuery): Promise<DeploymentPage> {
    const page = await this.#newestFirst<DeploymentRecord>(
      `SELECT target, application_name AS application, environment, ${clusterName} AS cluster, at, release, revision, health,
         reason, healthy_at AS "healthyAt", source_digest AS "sourceDigest", images, ${ranUntil} AS until,
         ${whyEnded} AS ended
       ${ranDeployments(query)}`,
      { page: query.page, time: 'at', id: 'target', parameters: parametersOf(query) },
    );
    const [swept] = await this.#store.query<{ until: Date }>(`SELECT until FROM swept WHERE name = 'deployment'`);
    return { ...page, ...(swept && { knownSince: swept.until }) };
  }

  async withoutImages(query: DeploymentQuery): Promise<number> {
    const asked = { ...query, image: undefined };
    const [row] = await this.#store.query<{ count: number }>(
      `SELECT count(*)::int AS count ${ranDeployments(asked, 0)} AND images IS NULL`,
      parametersOf(asked),
    );
    return row!.count;
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

/** Over the rows of `stage`: what rollbacks hold there, most of it first. */
const pinnedThere = `(SELECT jsonb_agg(jsonb_build_object('rollback', rollback, 'revision', revision, 'targets', targets)
    ORDER BY targets DESC, rollback, revision)
  FROM (SELECT pin ->> 'rollback' AS rollback, pin #>> '{content,source,revision}' AS revision, count(*)::int AS targets
    FROM target WHERE target.application = stage.application AND target.environment = stage.environment
      AND pin IS NOT NULL AND gone_generation IS NULL GROUP BY 1, 2) held)`;

/** Over the rows of `release`: the state of its newest rollout in each environment. */
const rolledOut = `(SELECT jsonb_object_agg(environment, state) FROM (
  SELECT DISTINCT ON (environment) environment, state FROM rollout
  WHERE rollout.release = release.uid ORDER BY environment, created_at DESC) newest)`;

/** Over the rows of `release`: the stages that went on to something newer than it, with other inputs. */
const passedOver = `(SELECT jsonb_object_agg(environment, 'Superseded')
  FROM stage JOIN release ran ON ran.uid = standing ->> 'runs'
  WHERE stage.application = release.application AND ran.created_at > release.created_at
    AND release.digests ->> environment <> ran.digests ->> environment)`;

/** Over the rows of `release`: how it stands before each stage that it has yet to enter. */
const waitsBefore = `(SELECT jsonb_object_agg(environment, candidate ->> 'state')
  FROM stage CROSS JOIN LATERAL jsonb_array_elements(standing -> 'candidates') AS candidate
  WHERE stage.application = release.application AND candidate ->> 'release' = release.uid)`;

/** A cluster that was forgotten is still called so in what happened there. */
const clusterName = 'coalesce(cluster.name, forgotten.forgotten_name)';

/** It ran until another came, or until the target left; of a cluster that was forgotten nothing is known any more. */
const ranUntil = 'coalesce(next_at, left_at, forgotten_at)';
const whyEnded = `CASE WHEN next_at IS NOT NULL THEN 'replaced' WHEN left_at IS NOT NULL THEN 'left'
  WHEN forgotten_at IS NOT NULL THEN 'forgotten' END`;

/** What is asked for, by parameters that begin behind so many; `parametersOf` gives them. */
function ranDeployments({ image }: DeploymentQuery, behind = 3): string {
  const given = (position: number) => `$${behind + position}`;
  const narrowed = (position: number, condition: string) => `(${given(position)}::text IS NULL OR ${condition})`;
  return `FROM deployment LEFT JOIN cluster ON cluster.uid = deployment.cluster
    LEFT JOIN (SELECT uid AS forgotten_uid, name AS forgotten_name, at AS forgotten_at FROM forgotten_cluster) forgotten
      ON forgotten_uid = deployment.cluster
    CROSS JOIN LATERAL (SELECT min(later.at) AS next_at FROM deployment later
      WHERE later.target = deployment.target AND later.at > deployment.at) next
    WHERE deployment.project = ${given(1)} AND ${narrowed(2, `application_name = ${given(2)}`)}
      AND ${narrowed(3, `environment = ${given(3)}`)} AND ${narrowed(4, `${clusterName} = ${given(4)}`)}
      AND ${narrowed(5, `target = ${given(5)}`)} AND ${narrowed(6, `starts_with(source_digest, ${given(6)})`)}
      AND ${narrowed(7, `starts_with(revision, ${given(7)})`)}
      AND (${given(8)}::timestamptz IS NULL
        OR at <= ${given(8)} AND coalesce(${ranUntil} > ${given(8)}, true))
      ${image ? `AND EXISTS (SELECT FROM unnest(images) image WHERE ${imageIs(9 + behind)})` : ''}`;
}

/** Whether `image`, as somebody wrote it, is the one that is asked for by its names, tag and digest. */
function imageIs(first: number): string {
  const name = `split_part(image, '@', 1)`;
  const tag = `coalesce(substring(${name} FROM ':([^/:]*)$'), CASE WHEN image NOT LIKE '%@%' THEN 'latest' END)`;
  return `($${first}::text[] IS NULL OR regexp_replace(${name}, ':[^/:]*$', '') = ANY($${first}))
    AND ($${first + 1}::text IS NULL OR ${tag} = $${first + 1})
    AND ($${first + 2}::text IS NULL OR split_part(image, '@', 2) = $${first + 2})`;
}

function parametersOf(query: DeploymentQuery): readonly unknown[] {
  const { project, application, environment, cluster, target, sourceDigest, revision, at, image } = query;
  const narrowing = [application, environment, cluster, target, sourceDigest, revision, at];
  const named = image ? [image.names, image.tag, image.digest] : [];
  return [project, ...narrowing, ...named].map((each) => each ?? null);
}

/** Absent fields are absent, not null, outside the database. */
function withoutNulls<Item extends object>(row: object): Item {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Item;
}

import { isNamedBy, matchesLabels, type BlastRadius, type FreezeDocument, type Labels } from '@flotilla/model';
import type { Store } from '../store.ts';

interface Names {
  readonly applications: readonly string[];
  readonly environments: readonly string[];
}

/** How much of what stands in a project a freeze is about. */
export async function readFreezeBlast(
  store: Store,
  project: string,
  { applications, environments, clusters }: FreezeDocument['spec'],
): Promise<BlastRadius> {
  const [known] = await store.query<Names>(
    `SELECT coalesce(array_agg(DISTINCT application_name), '{}') AS applications,
       coalesce(array_agg(DISTINCT environment), '{}') AS environments
     FROM target WHERE project = $1 AND gone_generation IS NULL`,
    [project],
  );
  const [blast] = await store.query<BlastRadius>(
    `SELECT count(*)::int AS targets, count(DISTINCT application)::int AS applications,
       count(DISTINCT environment)::int AS environments, count(DISTINCT cluster)::int AS clusters
     FROM target WHERE project = $1 AND gone_generation IS NULL AND application_name = ANY($2)
       AND environment = ANY($3) AND ($4::text[] IS NULL OR cluster = ANY($4))`,
    [
      project,
      known!.applications.filter((name) => isNamedBy(applications, name)),
      known!.environments.filter((name) => isNamedBy(environments, name)),
      clusters ? await chosenClusters(store, project, clusters) : null,
    ],
  );
  return blast!;
}

async function chosenClusters(
  store: Store,
  project: string,
  selector: NonNullable<FreezeDocument['spec']['clusters']>,
): Promise<string[]> {
  const rows = await store.query<{ uid: string; labels: Labels }>(
    'SELECT uid, labels FROM cluster WHERE project = $1',
    [project],
  );
  return rows.flatMap(({ uid, labels }) => (matchesLabels(selector, labels) ? [uid] : []));
}

import type { FreezeStanding } from '@flotilla/control-sources';
import { isoTime } from '@flotilla/foundation';
import { expiryOf, isInForce, isNamedBy, type FreezeDocument } from '@flotilla/model';

/** What PostgreSQL knows of a freeze. */
export interface FreezeFigures {
  readonly clusters: number;
  readonly acknowledged: number;
  readonly offline: number;
  /** Applications of the project that wait to be planned. */
  readonly unplanned: readonly string[];
}

/**
 * SQL for the figures of a `document` that is a freeze. A cluster has acknowledged it when its agent reported, of each
 * target there, the generation that brought the freeze or a later one.
 */
export const freezeFigures = `
  SELECT jsonb_build_object('clusters', count(*), 'acknowledged', count(*) FILTER (WHERE acknowledged),
    'offline', count(*) FILTER (WHERE NOT acknowledged AND NOT heard), 'unplanned',
    (SELECT coalesce(jsonb_agg(waiting.name), '[]') FROM work JOIN document waiting ON waiting.uid = work.key
     WHERE work.kind = 'plan' AND waiting.project = document.project AND waiting.kind = 'Application'))
  FROM (SELECT bool_and(coalesce(status.generation >= target.generation, false)) AS acknowledged,
      bool_or(coalesce(liveness.connection = 'Connected', false)) AS heard
    FROM target LEFT JOIN target_status status ON status.target = target.uid
      LEFT JOIN liveness ON liveness.cluster = target.cluster
    WHERE target.project = document.project AND gone_generation IS NULL AND (entry ? 'frozen')::int = 1
      AND entry -> 'frozen' @> jsonb_build_array(jsonb_build_object('name', document.name))
    GROUP BY target.cluster) AS cluster`;

export interface FreezeAuthored {
  readonly spec: Record<string, unknown>;
  readonly by: string;
  readonly since: Date;
}

export function freezeStanding(
  { spec, by, since }: FreezeAuthored,
  { unplanned, ...counted }: FreezeFigures,
  now: Date,
): FreezeStanding {
  const freeze = spec as FreezeDocument['spec'];
  const expires = expiryOf(freeze);
  return {
    state: isInForce({ expires }, now.getTime()) ? 'InForce' : 'Ended',
    by,
    since: isoTime(since.getTime()),
    ...(expires !== undefined && { expires }),
    ...counted,
    unplanned: unplanned.filter((name) => isNamedBy(freeze.applications, name)).length,
  };
}

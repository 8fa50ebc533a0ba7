import type { RolloutState } from '@flotilla/model';
import type { Store } from '../store.ts';

/** The rollouts of all projects in numbers. */
export interface RolloutFigures {
  /** Those that are running, and those that were over within the last day. */
  readonly states: Readonly<Partial<Record<RolloutState, number>>>;
  readonly oldestRunningSeconds: number;
}

/** Counts rollouts by how they are. */
export async function rolloutFigures(store: Store): Promise<RolloutFigures> {
  const rows = await store.query<{ state: RolloutState; count: number; oldest: number }>(
    `SELECT state, count(*)::int AS count, max(extract(epoch FROM now() - created_at))::float8 AS oldest
     FROM rollout WHERE finished_at IS NULL OR finished_at > now() - interval '1 day' GROUP BY state`,
  );
  return {
    states: Object.fromEntries(rows.map(({ state, count }) => [state, count])),
    oldestRunningSeconds: rows.find(({ state }) => state === 'Running')?.oldest ?? 0,
  };
}

import type { AgentUpgradeState, RolloutState } from '@flotilla/model';
import type { Store } from '../store.ts';

/** What is on its way into clusters, in all projects, in numbers. */
export interface RolloutFigures {
  /** Those that are running, and those that were over within the last day. */
  readonly states: Readonly<Partial<Record<RolloutState, number>>>;
  readonly oldestRunningSeconds: number;
  /** Upgrades of agents: those that are open, and those that were over within the last day. */
  readonly upgrades: Readonly<Partial<Record<AgentUpgradeState, number>>>;
}

/** Counts rollouts and upgrades of agents by how they are. */
export async function rolloutFigures(store: Store): Promise<RolloutFigures> {
  const rows = await store.query<{ state: RolloutState; count: number; oldest: number }>(
    `SELECT state, count(*)::int AS count, max(extract(epoch FROM now() - created_at))::float8 AS oldest
     FROM rollout WHERE finished_at IS NULL OR finished_at > now() - interval '1 day' GROUP BY state`,
  );
  const upgrades = await store.query<{ state: AgentUpgradeState; count: number }>(
    `SELECT state, count(*)::int AS count FROM agent_upgrade
     WHERE finished_at IS NULL OR finished_at > now() - interval '1 day' GROUP BY state`,
  );
  return {
    upgrades: Object.fromEntries(upgrades.map(({ state, count }) => [state, count])),
    states: Object.fromEntries(rows.map(({ state, count }) => [state, count])),
    oldestRunningSeconds: rows.find(({ state }) => state === 'Running')?.oldest ?? 0,
  };
}

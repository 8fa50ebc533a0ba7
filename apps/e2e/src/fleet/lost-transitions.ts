import type { FleetWorld } from './fleet-world.ts';
import type { Told } from './worker-messages.ts';

interface StoredStatus {
  readonly target: string;
  readonly generation: number;
  readonly sync: string;
  readonly health: string;
  readonly release: string | null;
}

/**
 * Holds what every agent made known against the database: each newest status must be the stored one, and each deployment
 * that was receipted must be in the history. Says how many are not.
 */
export async function lostTransitions({ fleet, query }: Pick<FleetWorld, 'fleet' | 'query'>): Promise<number> {
  const told = await fleet.told();
  const statuses = await query<StoredStatus>('SELECT target, generation, sync, health, release FROM target_status');
  const deployments = await query<{ target: string; at: Date }>('SELECT target, at FROM deployment');
  const stored = new Map(statuses.map((status) => [status.target, status]));
  const history = new Set(deployments.map(({ target, at }) => `${target} ${at.toISOString()}`));
  return told.reduce((sum, each) => sum + lostOf(each, stored, history), 0);
}

function lostOf(told: Told, stored: ReadonlyMap<string, StoredStatus>, history: ReadonlySet<string>): number {
  const wrong = told.statuses.filter(({ target, generation, sync, health, release }) => {
    const status = stored.get(target);
    if (!status) return true;
    const isSame = status.generation === generation && status.sync === sync && status.health === health;
    return !isSame || status.release !== (release ?? null);
  });
  const missing = told.deployments.filter(({ target, appliedAt }) => !history.has(`${target} ${appliedAt}`));
  return wrong.length + missing.length;
}

import type { AgentStanding, AgentStandings } from '@flotilla/control-delivery';
import type { Store } from '../store.ts';
import { connection } from './connection.ts';

interface StandingRow extends AgentStanding {
  readonly cluster: string;
}

/** How agents stand, as their hellos said last. */
export class StoredAgents implements AgentStandings {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async agentStandings(clusters: readonly string[]): Promise<ReadonlyMap<string, AgentStanding>> {
    const rows = await this.#store.manager.query<StandingRow[]>(
      `SELECT cluster.uid AS cluster, ${connection} AS connection, coalesce(facts -> 'agentFeatures', '[]') AS features
       FROM cluster LEFT JOIN liveness ON liveness.cluster = cluster.uid WHERE cluster.uid = ANY($1)`,
      [clusters],
    );
    return new Map(rows.map(({ cluster, ...standing }) => [cluster, standing]));
  }
}

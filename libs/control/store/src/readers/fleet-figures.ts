import type { Connection, HealthStatus, SyncStatus } from '@flotilla/model';
import type { Store } from '../store.ts';
import { connection } from './connection.ts';

/** The whole fleet in numbers. */
export interface FleetFigures {
  readonly connections: Readonly<Partial<Record<Connection, number>>>;
  readonly sync: Readonly<Partial<Record<SyncStatus, number>>>;
  readonly health: Readonly<Partial<Record<HealthStatus, number>>>;
}

/** Counts clusters as they are now and adds up the targets that `status` counted. */
export async function fleetFigures(store: Store): Promise<FleetFigures> {
  const [connections, sync, health] = await Promise.all([
    store.query<Counted>(
      `SELECT ${connection} AS word, count(*)::int AS count
       FROM cluster LEFT JOIN liveness ON liveness.cluster = cluster.uid GROUP BY 1`,
    ),
    store.query<Counted>(addedUp('sync')),
    store.query<Counted>(addedUp('health')),
  ]);
  return { connections: byWord(connections), sync: byWord(sync), health: byWord(health) };
}

interface Counted {
  readonly word: string;
  readonly count: number;
}

function addedUp(column: 'sync' | 'health'): string {
  return `SELECT key AS word, sum(value::int)::int AS count FROM target_count, jsonb_each_text(${column}) GROUP BY key`;
}

function byWord(rows: readonly Counted[]): Record<string, number> {
  return Object.fromEntries(rows.map(({ word, count }) => [word, count]));
}

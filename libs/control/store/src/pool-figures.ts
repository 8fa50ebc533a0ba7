import type { DataSource } from 'typeorm';

/** How busy a connection pool is. */
export interface PoolFigures {
  readonly used: number;
  readonly idle: number;
  /** Statements that wait for a connection. */
  readonly waiting: number;
}

/** What `pg` knows of its pool; TypeORM holds it and does not tell. */
export function poolFigures({ driver }: DataSource): PoolFigures {
  const { master } = driver as unknown as {
    readonly master: { readonly totalCount: number; readonly idleCount: number; readonly waitingCount: number };
  };
  return { used: master.totalCount - master.idleCount, idle: master.idleCount, waiting: master.waitingCount };
}

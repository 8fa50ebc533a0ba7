import type { Connection } from '@flotilla/model';

/** Whether the agent of a cluster is there to be asked, and what it says that it can do. */
export interface AgentStanding {
  readonly connection: Connection;
  readonly features: readonly string[];
}

/** How agents stand now, by cluster; those that nobody knows are absent. */
export interface AgentStandings {
  agentStandings(clusters: readonly string[]): Promise<ReadonlyMap<string, AgentStanding>>;
}

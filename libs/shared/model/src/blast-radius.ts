import { counted } from '@flotilla/foundation';

/** How much of the fleet an order touches. */
export interface BlastRadius {
  readonly applications: number;
  readonly environments: number;
  readonly clusters: number;
  readonly targets: number;
}

/** In one line: `1,204 targets (1 application, 2 environments, 700 clusters)`. */
export function blastText({ targets, applications, environments, clusters }: BlastRadius): string {
  const where = `${counted(applications, 'application')}, ${counted(environments, 'environment')}, ${counted(clusters, 'cluster')}`;
  return `${counted(targets, 'target')} (${where})`;
}

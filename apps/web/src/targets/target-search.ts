import type { TargetView } from '@flotilla/contracts';
import { healthStatuses, syncStatuses, type HealthStatus, type SyncStatus } from '@flotilla/model';

/** Which targets are looked at: what stands in the address, so that a view can be sent to somebody. */
export interface TargetSearch {
  /** Letters that its name contains. */
  readonly text?: string | undefined;
  readonly application?: string | undefined;
  readonly environment?: string | undefined;
  readonly cluster?: string | undefined;
  readonly sync?: SyncStatus | undefined;
  readonly health?: HealthStatus | undefined;
}

/** Reads the address. What cannot be understood is left out: an old link shows more, never an error. */
export function readTargetSearch(search: Readonly<Record<string, unknown>>): TargetSearch {
  const found = {
    text: words(search['text']),
    application: words(search['application']),
    environment: words(search['environment']),
    cluster: words(search['cluster']),
    sync: oneOf(syncStatuses, search['sync']),
    health: oneOf(healthStatuses, search['health']),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** Whether a target is one of those that are looked at. */
export function matchesSearch({ metadata, spec, status }: TargetView, search: TargetSearch): boolean {
  const { text, application, environment, cluster, sync, health } = search;
  return (
    (application === undefined || spec.application === application) &&
    (environment === undefined || spec.environment === environment) &&
    (cluster === undefined || spec.cluster === cluster) &&
    (sync === undefined || status.sync === sync) &&
    (health === undefined || status.health === health) &&
    (text === undefined || metadata.name.includes(text.toLowerCase()))
  );
}

/**
 * By application, then by environment as a release walks through them, then by cluster: rows keep their place while
 * their status changes.
 */
export function byPlace(environments: readonly string[]): (left: TargetView, right: TargetView) => number {
  const places = new Map(environments.map((environment, place) => [environment, place]));
  const place = ({ spec }: TargetView) => places.get(spec.environment) ?? places.size;
  return (left, right) =>
    compare(left.spec.application, right.spec.application) ||
    place(left) - place(right) ||
    compare(left.spec.cluster, right.spec.cluster);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A router reads `7` in an address as a number. */
function words(value: unknown): string | undefined {
  return (typeof value === 'string' || typeof value === 'number') && value !== '' ? String(value) : undefined;
}

function oneOf<Word extends string>(known: readonly Word[], value: unknown): Word | undefined {
  return known.find((word) => word === value);
}

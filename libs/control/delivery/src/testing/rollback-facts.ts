import type { DesiredEntry, HealthStatus, TargetPin } from '@flotilla/model';
import type { DeliveryFacts, ReleaseContent, ReleaseFacts, TargetFacts } from '../facts.ts';
import type { ApplicationHistory, RunFacts, TargetNow } from '../rollback/rollback-facts.ts';
import { clusterFacts, deliveryFacts, stageFacts, targetFacts } from './delivery-facts.ts';

const url = 'https://git.example.org/shop.git';

/** Minutes after the beginning of the test's time. */
export function minute(count: number): Date {
  return new Date(Date.parse('2026-01-01T00:00:00.000Z') + count * 60_000);
}

/** Release `r1`, `r2`, ... of commit 1111..., 2222..., which keeps what it was made of in these environments. */
export function releaseFacts(number: number, environments: readonly string[] = ['dev']): ReleaseFacts {
  const of = <Value>(value: (environment: string) => Value): Record<string, Value> =>
    Object.fromEntries(environments.map((environment) => [environment, value(environment)]));
  return {
    uid: `r${number}`,
    revision: String(number).repeat(40),
    digests: of((environment) => digestOfRelease(number, environment)),
    contents: of((environment): ReleaseContent => ({
      source: { url, path: `services/checkout/${environment}`, also: [] },
    })),
  };
}

export function digestOfRelease(number: number, environment = 'dev'): string {
  return `digest-${number}-${environment}`;
}

/** An entry of `checkout` that runs a release. */
export function entryOfRelease(number: number, target: string, over: Partial<DesiredEntry> = {}): DesiredEntry {
  const environment = over.environment ?? 'dev';
  const revision = String(number).repeat(40);
  return {
    target,
    project: 'default',
    application: 'checkout',
    environment,
    generation: 1,
    intent: 'run',
    release: `r${number}`,
    sourceDigest: digestOfRelease(number, environment),
    namespace: `checkout-${environment}`,
    source: { url, revision, path: `services/checkout/${environment}`, also: [] },
    sync: { prune: true, drift: 'correct', adopt: false, createNamespace: true },
    ...over,
  };
}

/** A run of a release on a target that began and was well, or not, at these minutes. */
export function run(target: string, number: number, at: number, health: HealthStatus = 'Healthy'): RunFacts {
  return {
    target,
    release: `r${number}`,
    at: minute(at),
    health,
    ...(health === 'Healthy' && { healthyAt: minute(at) }),
  };
}

export interface HistoryOf {
  /** How many clusters there are; each runs the newest release, unless `runs` says otherwise. */
  readonly clusters?: number;
  /** How many releases there are; the newest is the one that runs. */
  readonly releases?: number;
  readonly runs?: readonly RunFacts[];
  readonly now?: Readonly<Record<string, Partial<TargetNow>>>;
  readonly target?: (target: TargetFacts) => TargetFacts;
  readonly delivery?: Partial<DeliveryFacts>;
}

/** `checkout` in `dev`, with target `t1` on cluster `c1` and so on. */
export function historyOf(options: HistoryOf = {}): ApplicationHistory {
  const { clusters: count = 1, releases: made = 3, runs = [], now = {}, target: changed = (one) => one } = options;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const targets = numbers.map((number) => changed(targetFacts(entryOfRelease(made, `t${number}`), `c${number}`)));
  const releases = Array.from({ length: made }, (_, index) => releaseFacts(made - index));
  const current = { rollout: `into-r${made}`, release: `r${made}`, running: false };
  const head = { commit: String(made).repeat(40), trees: [`tree-${made}`] };
  const delivery = deliveryFacts({
    stages: [stageFacts('dev', { current, head })],
    clusters: numbers.map((number) => clusterFacts(`c${number}`, 'dev')),
    targets,
    releases,
    ...options.delivery,
  });
  const said = targets.map(({ uid }): [string, TargetNow] => [
    uid,
    { health: 'Healthy', irreversible: [], ...now[uid] },
  ]);
  return { delivery, runs, now: new Map(said) };
}

/** What holds a target at a release. */
export function pinAt(number: number, over: Partial<TargetPin> = {}): TargetPin {
  const { release, sourceDigest, source } = entryOfRelease(number, 't1');
  const content = { release, sourceDigest, source };
  return {
    rollback: 'back-1',
    rollout: 'roll-1',
    content,
    by: 'user:ann',
    reason: 'incident 42',
    since: 'then',
    ...over,
  };
}

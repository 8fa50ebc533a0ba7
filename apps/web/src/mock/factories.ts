import type { ClusterView, DeadLetterView, DocumentView, EventView, TargetView } from '@flotilla/contracts';
import { isoTime, seededRandom } from '@flotilla/foundation';
import { documentApiVersion, type DocumentKind } from '@flotilla/model';

/** Small makers of believable nouns. Whatever is not named is as it usually is. */

export const mockProject = 'default';

/** A commit id that looks like one and is the same for the same seed. */
export function commitOf(seed: number): string {
  const random = seededRandom(seed);
  return Array.from({ length: 40 }, () => Math.floor(random.next() * 16).toString(16)).join('');
}

export function documentOf(kind: DocumentKind, name: string, spec: Record<string, unknown>): DocumentView {
  const metadata = { uid: `${kind.toLowerCase()}-${name}`, name, project: mockProject, createdAt: isoTime(0) };
  return { apiVersion: documentApiVersion, kind, metadata, spec, status: {} };
}

export function clusterOf(name: string, labels: Record<string, string>, nowMs: number): ClusterView {
  return {
    kind: 'Cluster',
    metadata: { uid: `cluster-${name}`, name, project: mockProject, createdAt: isoTime(nowMs - 40 * day), labels },
    spec: { labels },
    status: {
      connection: 'Connected',
      lastSeenAt: isoTime(nowMs - 4_000),
      facts: { kubernetesVersion: 'v1.35.2', provider: labels['provider'] ?? 'aws', nodes: 12, agentVersion: '0.1.0' },
      fence: { epoch: 1, generation: 42 },
      agentFence: { epoch: 1, generation: 42 },
      counts: { total: 0, sync: {}, health: {} },
    },
  };
}

export function deadLetterOf(nowMs: number): DeadLetterView {
  return {
    id: '01jd3v9k2mq5x7',
    kind: 'message',
    subject: 'report',
    cluster: 'staging-eu-west-1',
    reason: 'MessageNotUnderstood',
    message: 'not JSON at position 4096',
    firstAt: isoTime(nowMs - hour),
    lastAt: isoTime(nowMs - minute),
    count: 12,
    bytes: 4_096,
  };
}

export function freezeOf(nowMs: number): DocumentView {
  const spec = { environments: ['production'], reason: 'year end, no deploys', until: 'lifted' };
  const kept = { clusters: 12, acknowledged: 11, offline: 1, unplanned: 0 };
  const freeze = { state: 'InForce' as const, by: 'user:mara', since: isoTime(nowMs - hour), ...kept };
  return { ...documentOf('Freeze', 'year-end', spec), status: { freeze } };
}

export interface TargetPlace {
  readonly application: string;
  readonly environment: string;
  readonly cluster: string;
}

/** A target that is well: Synced, Healthy, at the given revision. */
export function targetOf(place: TargetPlace, revision: string, nowMs: number): TargetView {
  const { application, environment, cluster } = place;
  const name = `${application}.${environment}.${cluster}`;
  const since = isoTime(nowMs - 3 * hour - (name.length % 7) * 11 * minute);
  return {
    kind: 'Target',
    metadata: { uid: name.replaceAll('.', '-'), name, project: mockProject, createdAt: isoTime(nowMs - 30 * day) },
    spec: {
      ...place,
      intent: 'run',
      namespace: `${application}-${environment}`,
      release: `release-${revision.slice(0, 10)}`,
      revision,
      generation: 42,
    },
    status: {
      sync: 'Synced',
      health: 'Healthy',
      revision,
      generation: 42,
      since,
      appliedAt: since,
      reportedAt: isoTime(nowMs - 9_000),
      connection: 'Connected',
    },
  };
}

let lines = 0;

export function eventOf(at: number, line: Omit<EventView, 'id' | 'at'>): EventView {
  return { id: `line-${lines++}`, at: isoTime(at), ...line };
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

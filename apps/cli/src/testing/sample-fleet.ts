import {
  operations,
  type ClusterView,
  type DocumentView,
  type CandidateView,
  type EventView,
  type RollbackView,
  type StageView,
  type TargetStoryView,
  type TargetView,
} from '@flotilla/contracts';
import { documentApiVersion, type DocumentKind } from '@flotilla/model';
import { FakeControlPlane, Refusal } from './fake-control-plane.ts';
import { InMemoryWorld, type InMemoryWorldOptions } from './in-memory-world.ts';

/** When everything here happened: an hour before the virtual clock begins. */
export const anHourAgo = '2025-12-31T23:00:00.000Z';

const commit = '1a2b3c4d'.padEnd(40, '0');

export interface TargetParts {
  readonly spec?: Partial<TargetView['spec']>;
  readonly status?: Partial<TargetView['status']>;
}

/** A target that is as it should be, but for what is said. */
export function sampleTarget(name: string, { spec = {}, status = {} }: TargetParts = {}): TargetView {
  const [application = '', environment = '', cluster = ''] = name.split('.');
  return {
    kind: 'Target',
    metadata: { uid: uidOf(name), name, project: 'default', createdAt: anHourAgo },
    spec: {
      application,
      environment,
      cluster,
      intent: 'run',
      namespace: `${application}-${environment}`,
      release: 'release1',
      revision: commit,
      generation: 3,
      ...spec,
    },
    status: {
      sync: 'Synced',
      health: 'Healthy',
      revision: commit,
      generation: 3,
      since: anHourAgo,
      appliedAt: anHourAgo,
      connection: 'Connected',
      ...status,
    },
  };
}

export function sampleStory(target: TargetView, parts: Partial<TargetStoryView> = {}): TargetStoryView {
  const explanation = [{ state: 'runs 1a2b3c4d; nothing waits' }];
  return { ...target, resources: [], drift: [], history: [], explanation, ...parts };
}

/** A release that waits before a stage for whatever is said. */
export function sampleCandidate(revision: string, parts: Partial<CandidateView> = {}): CandidateView {
  const waits = [{ gate: 'promote', blockedBy: 'nobody has promoted it' }];
  return {
    release: uidOf(revision),
    revision: revision.padEnd(40, '0'),
    digest: `digest of ${revision}`,
    state: 'Waits',
    waits,
    passed: ['health'],
    untried: [],
    ...parts,
  };
}

/** A stage of `checkout` that comes after `staging`. */
export function sampleStage(environment: string, candidates: readonly CandidateView[]): StageView {
  const name = `checkout.${environment}`;
  return {
    kind: 'Stage',
    metadata: { uid: name, name, project: 'default', createdAt: anHourAgo },
    spec: { application: 'checkout', environment, after: ['staging'], promote: 'manual' },
    status: { revision: commit, candidates: [...candidates], changedAt: anHourAgo },
  };
}

/** An order to go back that is under way in one place. */
export const sampleRollback: RollbackView = {
  kind: 'Rollback',
  metadata: { uid: 'back1', name: 'back1', project: 'default', createdAt: anHourAgo },
  spec: { selection: { application: 'checkout' }, to: 'previous-good', reason: 'incident 42', by: 'user:ann' },
  status: {
    state: 'Running',
    total: 3,
    arrived: 1,
    failing: 0,
    held: 3,
    places: [
      {
        application: 'checkout',
        environment: 'production',
        revision: '2'.repeat(40),
        rollout: 'roll1',
        state: 'Running',
        total: 3,
        arrived: 1,
        failing: 0,
        held: 3,
      },
    ],
  },
};

export function sampleCluster(name: string, labels: Record<string, string> = {}): ClusterView {
  return {
    kind: 'Cluster',
    metadata: { uid: uidOf(name), name, project: 'default', createdAt: anHourAgo },
    spec: { labels },
    status: {
      connection: 'Connected',
      lastSeenAt: anHourAgo,
      fence: { epoch: 1, generation: 3 },
      agentFence: { epoch: 1, generation: 3 },
      counts: { total: 0, sync: {}, health: {} },
    },
  };
}

export function sampleDocument(
  kind: DocumentKind,
  name: string,
  parts: Partial<Pick<DocumentView, 'spec' | 'status'>> = {},
): DocumentView {
  const metadata = { uid: uidOf(`${kind}${name}`), name, project: 'default', createdAt: anHourAgo };
  return { apiVersion: documentApiVersion, kind, metadata, spec: {}, status: {}, ...parts };
}

export const sampleApplication = sampleDocument('Application', 'checkout', {
  spec: {
    pipeline: 'standard',
    source: { repository: 'shop', path: 'services/checkout' },
    sync: { onRemove: 'orphan' },
  },
  status: { counts: { total: 2, sync: { Synced: 2 }, health: { Healthy: 1, Degraded: 1 } } },
});

export interface SampleFleet {
  readonly targets?: readonly TargetView[];
  readonly stories?: readonly TargetStoryView[];
  readonly clusters?: readonly ClusterView[];
  readonly stages?: readonly StageView[];
  readonly documents?: readonly DocumentView[];
  readonly events?: readonly EventView[];
}

const plurals: Readonly<Record<string, DocumentKind>> = {
  repositories: 'Repository',
  environments: 'Environment',
  pipelines: 'Pipeline',
  applications: 'Application',
  freezes: 'Freeze',
  notifiers: 'Notifier',
};

/** A control plane that knows these things, and answers every question about them. */
export function planeWith(fleet: SampleFleet) {
  const { targets = [], stories = [], clusters = [], documents = [], events = [], stages = [] } = fleet;
  return new FakeControlPlane()
    .on(operations.listStages, ({ query }) => ({
      items: stages.filter(({ spec }) => (query['environment'] ?? spec.environment) === spec.environment),
    }))
    .on(operations.listRollouts, () => ({ items: [] }))
    .on(operations.listTargets, ({ query }) => ({ items: targets.filter((target) => chosen(target, query)) }))
    .on(operations.getTarget, ({ params }) => storyOf(params['uid']!, { targets, stories }))
    .on(operations.listClusters, () => ({ items: [...clusters] }))
    .on(operations.getCluster, ({ params }) => found(clusters, params['name']!))
    .on(operations.listProjects, () => ({ items: [sampleDocument('Project', 'default')] }))
    .on(operations.listDocuments, ({ params }) => ({
      items: documents.filter(({ kind }) => kind === plurals[params['plural']!]),
    }))
    .on(operations.getDocument, ({ params }) =>
      found(
        documents.filter(({ kind }) => kind === plurals[params['plural']!]),
        params['name']!,
      ),
    )
    .on(operations.listEvents, ({ query }) => ({
      items: events.filter(({ subject }) => query['subject'] === undefined || subject === query['subject']),
    }));
}

/** A world whose settings name this control plane. */
export function worldOf(plane: FakeControlPlane, options: InMemoryWorldOptions = {}): InMemoryWorld {
  const environment = { FLOTILLA_SERVER: plane.url, FLOTILLA_TOKEN: 'flt_token', ...options.environment };
  return new InMemoryWorld({ fetch: plane.fetch, ...options, environment });
}

function chosen({ spec, status }: TargetView, query: Readonly<Record<string, string>>): boolean {
  const own: Readonly<Record<string, string>> = { ...spec, ...status } as never;
  return ['application', 'environment', 'cluster', 'sync', 'health'].every(
    (name) => query[name] === undefined || own[name] === query[name],
  );
}

function storyOf(uid: string, { targets, stories }: Required<Pick<SampleFleet, 'targets' | 'stories'>>) {
  const story = stories.find(({ metadata }) => metadata.uid === uid);
  const target = targets.find(({ metadata }) => metadata.uid === uid);
  if (story) return story;
  if (target) return sampleStory(target);
  throw new Refusal(404, 'TargetMissing', `there is no Target ${uid} in default`);
}

function found<Item extends { readonly metadata: { readonly name: string } }>(items: readonly Item[], name: string) {
  const item = items.find(({ metadata }) => metadata.name === name);
  if (item) return item;
  throw new Refusal(404, 'DocumentMissing', `there is no ${name}`);
}

/** The same uid for the same name, in the form that uids have. */
function uidOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .padEnd(16, '0')
    .slice(-16);
}

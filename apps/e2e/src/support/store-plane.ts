import { planApplication } from '@flotilla/control-delivery';
import { walkedEnvironments, type PromotionWorld, type RollbackWorld } from '@flotilla/control-delivery/testing';
import { joinTokenHash } from '@flotilla/control-fleet';
import type { FleetWorld } from '@flotilla/control-fleet/testing';
import { applyDocuments, deleteDocument, lookAtRepository, type GateAnswer } from '@flotilla/control-sources';
import type { SourcesWorld } from '@flotilla/control-sources/testing';
import {
  ClusterStore,
  DeliveryStore,
  DocumentStore,
  GateQuestionStore,
  LivenessStore,
  PromotionStore,
  RecoveryStore,
  RepositoryStore,
  RevisionStore,
  RollbackStore,
  StatusStore,
  type Store,
  WorkQueue,
} from '@flotilla/control-store';
import type { WorkWorld } from '@flotilla/control-store/testing';
import { createIds, systemClock, systemRandom } from '@flotilla/foundation';
import {
  documentApiVersion,
  noFence,
  rolloutStrategySchema,
  systemActor,
  type Labels,
  type RolloutStrategyInput,
} from '@flotilla/model';
import { InMemoryObjectStore } from '@flotilla/platform-git';
import { InMemoryGitRemote, InMemoryGitRepository } from '@flotilla/platform-git/testing';
import { fleetDocuments } from './fleet-documents.ts';
import type { StoreFixture } from './store-fixture.ts';

const by = systemActor('test');
const project = 'default';
const ids = createIds();

/** The control plane's use cases over a real database and a Git repository in memory. */
export async function openPlane(
  fixture: StoreFixture,
  applications = ['checkout'],
  environments: readonly string[] = ['dev'],
  stages?: readonly string[],
) {
  const { store, announced } = await fixture.store();
  const documents = new DocumentStore(store);
  const repository = new InMemoryGitRepository();
  const remote = new InMemoryGitRemote({
    repository,
    store: new InMemoryObjectStore({ bytesMax: 1_000_000 }),
    clock: systemClock,
  });
  const files = [
    { file: 'fleet.yaml', text: fleetDocuments(applications, { environments, ...(stages && { stages }) }) },
  ];
  const { problems } = await applyDocuments(documents, { project, files, by, dryRun: false });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const rows = await store.query<{ uid: string; kind: string; name: string }>('SELECT uid, kind, name FROM document');
  const uidOf = (kind: string, name: string) => rows.find((row) => row.kind === kind && row.name === name)!.uid;
  const record = new DeliveryStore(store);
  const revisions = new RevisionStore(store);
  const join = (name: string, labels: Record<string, string>) =>
    new ClusterStore(store).join({
      project,
      name,
      labels,
      tokenHash: joinTokenHash(name),
      expiresAt: systemClock.now() + 60_000,
      by,
    });
  const ports = { remotes: { open: async () => remote }, revisions, documents, random: systemRandom };
  return {
    store,
    announced,
    documents,
    repository,
    record,
    uidOf,
    commit: (changes: Record<string, string>, author?: string) =>
      repository.commit(changes, { ...(author && { author }) }),
    look: () => lookAtRepository(ports, uidOf('Repository', 'shop'), AbortSignal.timeout(10_000)),
    freeze: async (name: string, over: object = {}) => {
      const spec = { environments: ['dev'], reason: 'incident 42', until: 'lifted', ...over };
      const document = { apiVersion: documentApiVersion, kind: 'Freeze', metadata: { name }, spec };
      const sent = [{ file: name, text: JSON.stringify(document) }];
      await applyDocuments(documents, { project, files: sent, by, dryRun: false });
    },
    useStrategy: async (environment: string, strategy: RolloutStrategyInput) => {
      const sql = `UPDATE document SET spec = spec || $1 WHERE kind = 'Environment' AND name = $2`;
      await store.query(sql, [{ rollout: rolloutStrategySchema.parse(strategy) }, environment]);
    },
    deleteApplication: async (name: string) => {
      await deleteDocument(documents, { key: { project, kind: 'Application', name }, by, dryRun: false });
    },
    lift: async (name: string) => {
      await deleteDocument(documents, { key: { project, kind: 'Freeze', name }, by, dryRun: false });
    },
    plan: (name: string) => planApplication({ record, ids }, uidOf('Application', name)),
    join,
    /** One that is heard. */
    addCluster: async (name: string, labels: Record<string, string>) => {
      const { uid } = await join(name, labels);
      await hear(store, uid);
      return uid;
    },
  };
}

async function hear(store: Store, cluster: string): Promise<void> {
  const at = systemClock.now();
  const liveness = new LivenessStore(store);
  await liveness.listening('status', at);
  const said = { instance: 'i', leaseTransitions: 1, protocol: 1, fence: noFence, setDigest: '', statusDigest: '' };
  await liveness.heard([{ cluster, at, ...said, facts: { kubernetesVersion: 'v1.34.0', agentVersion: '0.2.0' } }]);
}

/** When somebody comes, and until when he is let in. */
export const today = () => ({ now: systemClock.now(), expiresAt: systemClock.now() + 3_600_000 });

/** What ends by itself, where targets keep it. */
const ends = [
  ['pin', ['breakGlass', 'expires']],
  ['entry', ['breakGlass', 'expires']],
] as const;

/** The fleet of the delivery suite in PostgreSQL. */
export async function storedDeliveryWorld(fixture: StoreFixture): Promise<RollbackWorld> {
  const plane = await openPlane(fixture, ['checkout', 'catalog']);
  const statuses = new StatusStore(plane.store);
  let pushes = 0;
  let reports = 0;
  return {
    record: plane.record,
    recovery: new RecoveryStore(plane.store),
    rollbacks: new RollbackStore(plane.store),
    ids,
    uids: { checkout: plane.uidOf('Application', 'checkout'), catalog: plane.uidOf('Application', 'catalog') },
    addCluster: (name) => plane.addCluster(name, { dev: 'true' }),
    push: async (name) => {
      plane.commit({ [`services/${name}/dev/a.yaml`]: `a: ${++pushes}` });
      await plane.look();
    },
    useStrategy: (strategy) => plane.useStrategy('dev', strategy),
    // What was said and done is older now, and what ends by itself ends sooner: the clock of the database is nobody's to turn.
    pass: async (ms) => {
      const earlier = (column: string) => `${column} = ${column} - make_interval(secs => $1 / 1000.0)`;
      await plane.store.query(`UPDATE target_status SET ${earlier('reported_at')}`, [ms]);
      await plane.store.query(`UPDATE liveness SET ${earlier('connected_since')}`, [ms]);
      const steps = ['admitted_at', 'held_at', 'well_at'].map(earlier).join(', ');
      await plane.store.query(`UPDATE rollout_step SET ${steps}`, [ms]);
      for (const [column, place] of ends)
        await plane.store.query(
          `UPDATE target SET ${column} = jsonb_set(${column}, $2, to_jsonb(to_char(
             (${column} #>> $2)::timestamptz AT TIME ZONE 'UTC' - make_interval(secs => $1 / 1000.0), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
           WHERE ${column} #> $2 IS NOT NULL`,
          [ms, place],
        );
    },
    deleteApplication: (name) => plane.deleteApplication(name),
    freeze: (name) => plane.freeze(name),
    lift: (name) => plane.lift(name),
    report: async (cluster, fence, items) => {
      const said = { cluster, number: ++reports, instance: 'i', leaseTransitions: 1, fence, items, statusDigest: '' };
      await statuses.store([said], systemClock.now());
    },
  };
}

/** The walk of the promotion suite in PostgreSQL. */
export async function storedPromotionWorld(fixture: StoreFixture): Promise<PromotionWorld> {
  const plane = await openPlane(fixture, ['checkout'], walkedEnvironments, [
    '{environment: dev, track: {repository: shop, branch: main}}',
    '{environment: staging, after: [dev], promote: auto}',
    '{environment: production, after: [staging], gates: [{approval: {users: [bob, eve]}}]}',
  ]);
  const [statuses, promotions] = [new StatusStore(plane.store), new PromotionStore(plane.store)];
  const questions = new GateQuestionStore(plane.store);
  let pushes = 0;
  let reports = 0;
  return {
    record: Object.assign(plane.record, {
      promote: promotions.promote.bind(promotions),
      approve: promotions.approve.bind(promotions),
      override: promotions.override.bind(promotions),
      hold: promotions.hold.bind(promotions),
      unhold: promotions.unhold.bind(promotions),
    }),
    rollbacks: new RollbackStore(plane.store),
    answerWaves: async (answer) => {
      const rows = await plane.store.query<{ uid: string }>('SELECT uid FROM wave_question ORDER BY wave');
      const found = await Promise.all(rows.map(({ uid }) => questions.find(uid)));
      const open = found.flatMap((question) => question ?? []);
      for (const question of open) await questions.answered(question, answer as GateAnswer);
      return open.map(({ wave }) => wave!);
    },
    freeze: (name, environment) => plane.freeze(name, { environments: [environment] }),
    lift: (name) => plane.lift(name),
    ids,
    uid: plane.uidOf('Application', 'checkout'),
    useStrategy: plane.useStrategy,
    addCluster: (environment, name = environment) => plane.addCluster(name, { [environment]: 'true' }),
    push: async (author, ...environments) => {
      pushes++;
      const files = environments.map((environment) => [`services/checkout/${environment}/a.yaml`, `a: ${pushes}`]);
      const commit = plane.commit(Object.fromEntries(files), author);
      await plane.look();
      return commit;
    },
    report: async (cluster, fence, items) => {
      const said = { cluster, number: ++reports, instance: 'i', leaseTransitions: 1, fence, items, statusDigest: '' };
      await statuses.store([said], systemClock.now());
    },
  };
}

/** The empty record of the sources suite in PostgreSQL. */
export async function storedSourcesWorld(fixture: StoreFixture): Promise<SourcesWorld> {
  const { store } = await fixture.store();
  return {
    documents: new DocumentStore(store),
    revisions: new RevisionStore(store),
    repositories: new RepositoryStore(store),
    uidOf: async (kind, name) => {
      const sql = 'SELECT uid FROM document WHERE project = $1 AND kind = $2 AND name = $3';
      const [row] = await store.query<{ uid: string }>(sql, [project, kind, name]);
      return row!.uid;
    },
    marks: async () => {
      const marks = await store.query<{ mark: string }>(`SELECT kind || '/' || key AS mark FROM work`);
      await store.query('DELETE FROM work');
      return marks.map(({ mark }) => mark).toSorted((left, right) => (left < right ? -1 : 1));
    },
  };
}

/** The empty fleet of the fleet suites in PostgreSQL. */
export async function storedFleetWorld(fixture: StoreFixture): Promise<FleetWorld> {
  const { store } = await fixture.store();
  return {
    clusters: new ClusterStore(store),
    liveness: new LivenessStore(store),
    labelsOf: async (uid) => {
      const [row] = await store.query<{ labels: Labels }>('SELECT labels FROM cluster WHERE uid = $1', [uid]);
      return row!.labels;
    },
  };
}

/** The empty work table of the work suite in PostgreSQL. Time passes by moving everything into the past. */
export async function storedWorkWorld(fixture: StoreFixture): Promise<WorkWorld> {
  const { store } = await fixture.store();
  return {
    table: new WorkQueue(store),
    mark: (...keys) => store.transact(async (transaction) => transaction.mark('plan', keys)),
    markProjects: (...projects) => store.transact(async (transaction) => transaction.mark('count', projects)),
    pass: async (ms) => {
      const earlier = (column: string) => `${column} = ${column} - make_interval(secs => $1 / 1000.0)`;
      await store.query(`UPDATE work SET ${earlier('due_at')}, ${earlier('claimed_until')}`, [ms]);
    },
    errors: async () => {
      const sql = 'SELECT key, error FROM work WHERE error IS NOT NULL';
      const rows = await store.query<{ key: string; error: { reason: string; until?: string } }>(sql);
      return Object.fromEntries(rows.map(({ key, error }) => [key, error]));
    },
  };
}

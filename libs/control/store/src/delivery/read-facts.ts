import type {
  ApplicationFacts,
  ClusterFacts,
  DeliveryFacts,
  ReleaseFacts,
  RunningRollout,
  StageFacts,
  TargetFacts,
} from '@flotilla/control-delivery';
import { inputsOf, type StageInputs } from '@flotilla/control-sources';
import { Fault } from '@flotilla/foundation';
import {
  fillTemplate,
  templateVariables,
  type ApplicationDocument,
  type EnvironmentDocument,
  type PipelineDocument,
  type RepositoryDocument,
} from '@flotilla/model';
import { DocumentRow } from '../rows/document.row.ts';
import { ownedDocument } from '../sources/document-store.ts';
import type { Transaction } from '../transaction.ts';

/** Reads everything that a plan for one application rests on; `undefined` when nothing of it is left. */
export async function readFacts(transaction: Transaction, uid: string): Promise<DeliveryFacts | undefined> {
  await holdDocuments(transaction, uid);
  const row = await transaction.manager.findOneBy(DocumentRow, { uid, kind: 'Application' });
  const targets = await readTargets(transaction, uid);
  const running = await readRunning(transaction, uid);
  const application = row ? await readApplication(transaction, row) : remainsOf(uid, targets, running);
  if (!application) return undefined;
  const stages = row ? await readStages(transaction, row) : [];
  return {
    application,
    stages,
    clusters: await transaction.query<ClusterFacts>(`SELECT uid, name, labels FROM cluster WHERE project = $1`, [
      application.project,
    ]),
    targets,
    releases: await transaction.query<ReleaseFacts>(
      `SELECT uid, revision, digests FROM release WHERE application = $1 AND (uid = ANY($2) OR uid IN
         (SELECT uid FROM release WHERE application = $1 ORDER BY created_at DESC LIMIT 50)) ORDER BY created_at DESC`,
      // However many came after it elsewhere, what an environment runs now is always known.
      [uid, stages.flatMap(({ current }) => current?.release ?? [])],
    ),
    running: running.map(({ rollout, environment }) => ({ rollout, environment })),
  };
}

/** A deleted application is known by what it leaves behind. */
function remainsOf(
  uid: string,
  targets: readonly TargetFacts[],
  running: readonly RunningRow[],
): ApplicationFacts | undefined {
  const [target] = targets;
  if (target) return { uid, project: target.entry.project, name: target.entry.application };
  const [rollout] = running;
  return rollout && { uid, project: rollout.project, name: rollout.name };
}

/**
 * Nobody changes the project's documents while they are read, one statement after another: half of a change, such as a
 * pipeline under a new name, would look as if the application had no environments any more.
 */
async function holdDocuments(transaction: Transaction, application: string): Promise<void> {
  await transaction.query(
    `SELECT pg_advisory_xact_lock_shared(hashtextextended('documents/' || project, 0)) FROM document WHERE uid = $1`,
    [application],
  );
}

async function readApplication(transaction: Transaction, row: DocumentRow): Promise<ApplicationFacts> {
  const document = ownedDocument(row).document as ApplicationDocument;
  const name = document.spec.source.repository;
  const repository = await transaction.manager.findOneBy(DocumentRow, {
    project: row.project,
    kind: 'Repository',
    name,
  });
  const spec = repository?.spec as RepositoryDocument['spec'] | undefined;
  return {
    uid: row.uid,
    project: row.project,
    name: row.name,
    document,
    ...(spec && { repositoryUrl: spec.url }),
    ...(spec?.credentials?.agent && { agentCredential: spec.credentials.agent }),
  };
}

async function readStages(transaction: Transaction, row: DocumentRow): Promise<StageFacts[]> {
  const application = ownedDocument(row).document as ApplicationDocument;
  const { project, name } = application.metadata;
  const { pipeline: pipelineName, source, namespace } = application.spec;
  const others = await transaction.query<DocumentRow>(
    `SELECT * FROM document WHERE project = $1 AND (kind = 'Environment' OR kind = 'Pipeline' AND name = $2
       OR kind = 'Repository' AND name = $3)`,
    [project, pipelineName, source.repository],
  );
  const pipeline = others.find(({ kind }) => kind === 'Pipeline');
  const repository = others.find(({ kind }) => kind === 'Repository');
  if (!pipeline || !repository) throw missing(row, pipeline ? 'repository' : 'pipeline');
  const stages: StageFacts[] = [];
  for (const inputs of inputsOf(application, ownedDocument(pipeline).document as PipelineDocument)) {
    const environment = others.find((other) => other.kind === 'Environment' && other.name === inputs.environment);
    if (!environment) throw missing(row, `environment ${inputs.environment}`);
    const [path = '', ...also] = inputs.paths;
    const variables = templateVariables({ project, environment: inputs.environment, application: name });
    const filled = fillTemplate(namespace, variables);
    stages.push({
      environment: inputs.environment,
      clusters: (environment.spec as EnvironmentDocument['spec']).clusters,
      ref: inputs.ref,
      path,
      also,
      namespace: filled.ok ? filled.value : namespace,
      ...(await readHead(transaction, repository.uid, inputs)),
      ...(await readCurrent(transaction, row.uid, inputs.environment)),
    });
  }
  return stages;
}

/** The newest revision at the ref, once every path of the stage is known there. */
async function readHead(
  transaction: Transaction,
  repository: string,
  inputs: StageInputs,
): Promise<Pick<StageFacts, 'head'>> {
  // One statement: a commit and the trees of another one would make a release that never was.
  const trees = await transaction.query<{ commit: string; path: string; tree: string | null }>(
    `SELECT DISTINCT ON (path) head.commit, path, tree FROM path_tree
     JOIN (SELECT commit FROM revision WHERE repository = $1 AND ref = $2 ORDER BY seq DESC LIMIT 1) head ON true
     WHERE repository = $1 AND ref = $2 AND path = ANY($3) ORDER BY path, seq DESC`,
    [repository, inputs.ref, inputs.paths],
  );
  const [head] = trees;
  const known = new Map(trees.map(({ path, tree }) => [path, tree ?? undefined]));
  if (!head || inputs.paths.some((path) => !known.has(path))) return {};
  return { head: { commit: head.commit, trees: inputs.paths.map((path) => known.get(path)) } };
}

async function readCurrent(
  transaction: Transaction,
  application: string,
  environment: string,
): Promise<Pick<StageFacts, 'current'>> {
  const [row] = await transaction.query<{ uid: string; release: string; state: string }>(
    `SELECT uid, release, state FROM rollout WHERE application = $1 AND environment = $2 ORDER BY created_at DESC LIMIT 1`,
    [application, environment],
  );
  return row ? { current: { rollout: row.uid, release: row.release, running: row.state === 'Running' } } : {};
}

interface RunningRow extends RunningRollout {
  readonly project: string;
  readonly name: string;
}

function readRunning(transaction: Transaction, application: string): Promise<RunningRow[]> {
  return transaction.query<RunningRow>(
    `SELECT uid AS rollout, environment, project, application_name AS name FROM rollout
     WHERE application = $1 AND state = 'Running'`,
    [application],
  );
}

function readTargets(transaction: Transaction, application: string): Promise<TargetFacts[]> {
  return transaction.query<TargetFacts>(
    `SELECT target.uid, environment, target.cluster, entry, on_remove AS "onRemove",
       coalesce(status.gone AND status.generation = target.generation AND intent <> 'run', false) AS gone
     FROM target LEFT JOIN target_status status ON status.target = target.uid
     WHERE application = $1 AND gone_generation IS NULL`,
    [application],
  );
}

/** Documents are checked when they change, so this cannot be; if it is, it must not look like "runs nowhere". */
function missing({ project, name }: DocumentRow, what: string): Fault {
  const message = `the ${what} of Application ${project}/${name} is missing; what runs is kept`;
  return new Fault({ code: 'conflict', reason: 'DocumentMissing', message });
}

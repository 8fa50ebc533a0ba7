import type { StageFacts } from '@flotilla/control-delivery';
import {
  effectiveRender,
  filledOrAsIs,
  rolloutStrategySchema,
  templateVariables,
  type EnvironmentDocument,
  type RolloutNarrowing,
} from '@flotilla/model';
import type { Admissions } from '../rollouts/read-admissions.ts';
import type { Transaction } from '../transaction.ts';
import { missing, type Authored } from './read-authored.ts';
import type { RolloutFacts } from './read-rollouts.ts';

/** The stages of an application's pipeline, each with what Git holds of its inputs and what entered it last. */
export function stagesOf(
  { application, environments, following, inputs, repository }: Authored,
  { heads, rollouts, admissions }: StagesRead,
): StageFacts[] {
  return inputs.map(({ environment, ref, paths }) => {
    const spec = environments.get(environment);
    if (!spec) throw missing(application, `environment ${environment}`);
    const [path = '', ...also] = paths;
    const { project, name: named, document } = application;
    const variables = templateVariables({ project, environment, application: named });
    const render = effectiveRender(document, environment);
    const comesAfter = following.get(environment);
    const current = rollouts.find((rollout) => rollout.environment === environment && rollout.newest);
    return {
      environment,
      clusters: spec.clusters,
      ...(spec.windows && { windows: spec.windows }),
      ...(spec.retreat && { retreat: spec.retreat }),
      ...rolloutOf(spec, document.spec.in?.[environment]?.rollout),
      ref,
      ...(comesAfter && { following: comesAfter }),
      path,
      also,
      namespace: filledOrAsIs(document.spec.namespace, variables),
      ...(render && { render }),
      ...headOf(heads, { repository, ref, paths }),
      ...standingOf(current, admissions),
    };
  });
}

interface StagesRead {
  readonly heads: Heads;
  readonly rollouts: readonly RolloutFacts[];
  readonly admissions: Admissions;
}

/** How a release goes over an environment, where its document or the application says anything of that. */
function rolloutOf(
  { rollout: strategy }: EnvironmentDocument['spec'],
  narrowing: RolloutNarrowing | undefined,
): Pick<StageFacts, 'rollout'> {
  if (!strategy && !narrowing) return {};
  return { rollout: { strategy: strategy ?? rolloutStrategySchema.parse({}), ...(narrowing && { narrowing }) } };
}

function standingOf(
  current: RolloutFacts | undefined,
  admissions: Admissions,
): Pick<StageFacts, 'current' | 'finished'> {
  if (!current) return {};
  const { rollout, release, running, state } = current;
  const admission = admissions.get(rollout);
  if (!admission) return { current: { rollout, release, running } };
  const { finished, ...who } = admission;
  return { current: { rollout, release, running, admission: { state, ...who } }, ...(finished && { finished }) };
}

/** What Git holds, by repository, ref and path. */
export type Heads = ReadonlyMap<string, SeenPath>;

interface SeenPath {
  readonly repository: string;
  readonly ref: string;
  readonly path: string;
  readonly commit: string;
  readonly tree: string | null;
}

/**
 * What Git holds at every ref and path that any stage reads. One statement: a commit and the trees of another one would
 * make a release that never was.
 */
export async function readHeads(transaction: Transaction, authored: readonly Authored[]): Promise<Heads> {
  const asked = authored.flatMap(({ repository, inputs }) =>
    inputs.flatMap(({ ref, paths }) => paths.map((path) => ({ repository, ref, path }))),
  );
  const seen = await transaction.query<SeenPath>(
    `SELECT asked.*, head.commit, last.tree
     FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (repository, ref, path)
     CROSS JOIN LATERAL (SELECT commit FROM revision
       WHERE revision.repository = asked.repository AND revision.ref = asked.ref ORDER BY seq DESC LIMIT 1) head
     CROSS JOIN LATERAL (SELECT tree FROM path_tree
       WHERE path_tree.repository = asked.repository AND path_tree.ref = asked.ref AND path_tree.path = asked.path
       ORDER BY seq DESC LIMIT 1) last`,
    [asked.map(({ repository }) => repository), asked.map(({ ref }) => ref), asked.map(({ path }) => path)],
  );
  return new Map(seen.map((head) => [placeOf(head), head]));
}

function placeOf({ repository, ref, path }: Pick<SeenPath, 'repository' | 'ref' | 'path'>): string {
  return JSON.stringify([repository, ref, path]);
}

/** The newest revision at a stage's ref, once every path of the stage is known there. */
function headOf(
  heads: Heads,
  { repository, ref, paths }: { readonly repository: string; readonly ref: string; readonly paths: readonly string[] },
): Pick<StageFacts, 'head'> {
  const seen = paths.map((path) => heads.get(placeOf({ repository, ref, path })));
  const [first] = seen;
  if (!first || seen.includes(undefined)) return {};
  return { head: { commit: first.commit, trees: seen.map((head) => head?.tree ?? undefined) } };
}
